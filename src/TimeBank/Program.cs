using TimeBank.Cli;
using TimeBank.Store;

// Before there are other threads, which take over the priority of the first.
if (args is ["verify" or "export" or "backup", ..])
    Priority.BelowTheServer();
return await CommandLine.RunAsync(args);
