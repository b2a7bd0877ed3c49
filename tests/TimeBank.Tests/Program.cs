using TimeBank.Store;

// Some tests need a process of their own to kill, or one of another user. This is it: `own FOLDER` starts the folder's
// PostgreSQL, prints its number and a login, and keeps it until its input ends.
if (args is not ["own", var folder])
{
    Console.Error.WriteLine("usage: own FOLDER");
    return 2;
}

await using var postgres = await PrivatePostgres.StartAsync(folder, Console.Error.WriteLine, CancellationToken.None);
Console.WriteLine(postgres.ProcessId);
Console.WriteLine(postgres.OwnerConnectionString);
await Console.In.ReadToEndAsync();
return 0;
