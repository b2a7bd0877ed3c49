using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace TimeBank.Access;

/// <summary>Keeps the keys that seal cookies and tokens in the database, where all its servers find them and nobody else reads them.</summary>
public sealed class ProtectionKeys(IDbContextFactory<PeopleContext> contexts, TimeProvider clock) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        using var people = contexts.CreateDbContext();
        return [.. people.ProtectionKeys.AsNoTracking().OrderBy(k => k.Id).Select(k => k.Xml).AsEnumerable().Select(XElement.Parse)];
    }

    public void StoreElement(XElement element, string friendlyName)
    {
        using var people = contexts.CreateDbContext();
        people.Add(new ProtectionKey { Id = Guid.CreateVersion7(clock.GetUtcNow()), Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        people.SaveChanges();
    }
}
