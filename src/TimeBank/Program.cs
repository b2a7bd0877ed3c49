using TimeBank.Store;
using TimeBank.Web;

var builder = WebApplication.CreateBuilder(args);
var connection = builder.Configuration.GetConnectionString("TimeBank")!;
await SchemaMigrations.ApplyAsync(connection, CancellationToken.None);
var app = Server.Build(builder, connection);
await app.RunAsync();
