using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace TimeBank.Web;

/// <summary>Files that pages use: style sheet, pictures, scripts. They are part of the program, and their addresses change with what is in them,
/// so that a browser keeps them as long as it likes.</summary>
public static class PageAssets
{
    private const string Folder = "TimeBank.Web.Assets";
    private const string Start = "/assets";

    private static readonly EmbeddedFileProvider s_files = new(typeof(PageAssets).Assembly, Folder);

    private static readonly FrozenDictionary<string, string> s_addresses = s_files.GetDirectoryContents("")
        .ToFrozenDictionary(f => f.Name, f => $"{Start}/{f.Name}?v={Version(f)}");

    public static string Address(string name) => s_addresses[name];

    public static Stream Open(string name) => s_files.GetFileInfo(name).CreateReadStream();

    public static void Use(WebApplication app) => app.UseStaticFiles(new StaticFileOptions
    {
        FileProvider = s_files,
        RequestPath = Start,
        ContentTypeProvider = new FileExtensionContentTypeProvider(),
        OnPrepareResponse = file => file.Context.Response.Headers.CacheControl = "public, max-age=31536000, immutable",
    });

    private static string Version(IFileInfo file)
    {
        using var content = file.CreateReadStream();
        return Convert.ToHexStringLower(SHA256.HashData(content))[..16];
    }
}
