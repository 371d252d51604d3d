using System.Reflection;

namespace HarvestTools.Manifests;

/// <summary>This release of HarvestTools, as <c>written_by</c> in slice.json has it.</summary>
public static class Release
{
    /// <summary>For example <c>1.2.0</c>, or <c>1.3.0-preview.1</c>.</summary>
    public static string Version { get; } = Read();

    private static string Read()
    {
        string version = typeof(Release).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

        // What follows a plus sign names the commit that was built.
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : version[..plus];
    }
}
