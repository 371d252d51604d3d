using System.Management.Automation;

namespace HarvestTools.PowerShell;

/// <summary>What -Export takes, as the engine's selectors: hashes, project names, full paths.</summary>
internal static class ExportSelector
{
    /// <param name="item">A hash, a project, a path, a file, an export of any cmdlet, or a slice, which means its exports.</param>
    /// <param name="session">Resolves paths.</param>
    /// <exception cref="HarvestException">ExportNotRecognized.</exception>
    public static IEnumerable<string> Of(object item, SessionState session)
    {
        var wrapped = PSObject.AsPSObject(item);
        switch (wrapped.BaseObject)
        {
            case string text:
                return [ItemPath.ExistingOrText(session, text)];
            case FileInfo file:
                return [file.FullName];
        }

        // Objects that were exported and read again have lost their type, but not their properties.
        if (ValueOf(wrapped, "Sha256") is string sha256)
        {
            // The same bytes may belong to several projects; project and hash together name one export.
            return [ValueOf(wrapped, "Project") is string project ? $"{project}-{sha256}" : sha256];
        }

        if (ValueOf(wrapped, "Exports") is { } exports && LanguagePrimitives.GetEnumerable(exports) is { } list)
        {
            return [.. list.Cast<object>().SelectMany(export => Of(export, session))];
        }

        throw CommandErrors.ExportNotRecognized(wrapped.BaseObject);
    }

    private static object? ValueOf(PSObject item, string property) => item.Properties[property]?.Value switch
    {
        PSObject wrapped => wrapped.BaseObject,
        var value => value,
    };
}
