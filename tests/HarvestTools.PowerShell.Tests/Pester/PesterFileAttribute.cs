using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit.Sdk;
using Xunit.v3;

namespace HarvestTools.Tests.Pester;

/// <summary>
/// Each <c>It</c> of a Pester file as a case of a theory: its name and its line. They are read from the text, since asking Pester
/// would start a PowerShell at every discovery; that none was overlooked shows when the file runs.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed partial class PesterFileAttribute(string file) : DataAttribute
{
    public static string Folder { get; } = FindFolder();

    public static string PathOf(string file) => Path.Combine(Folder, file + ".Tests.ps1");

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        string[] lines = File.ReadAllLines(PathOf(file));
        var rows = new List<ITheoryDataRow>();
        for (int i = 0; i < lines.Length; i++)
        {
            Match match = It().Match(lines[i]);
            if (match.Success)
            {
                rows.Add(new TheoryDataRow<string, int>(match.Groups["name"].Value.Replace("''", "'", StringComparison.Ordinal), i + 1));
            }
        }

        return new(rows);
    }

    public override bool SupportsDiscoveryEnumeration() => true;

    private static string FindFolder([CallerFilePath] string here = "")
    {
        // Found from the output folder, since a deterministic build may map the paths of its sources.
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Invoke-Suite.ps1")))
            {
                return folder;
            }
        }

        return Path.GetDirectoryName(Path.GetDirectoryName(here))!;
    }

    [GeneratedRegex(@"^\s*It\s+(?:(?<q>')(?<name>(?:[^']|'')*)'|(?<q>"")(?<name>(?:[^""]|"""")*)"")")]
    private static partial Regex It();
}
