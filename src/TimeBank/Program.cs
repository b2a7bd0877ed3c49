using TimeBank.Cli;

return await CommandLine.RunAsync(args);
