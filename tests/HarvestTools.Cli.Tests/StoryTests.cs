using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The whole way through the program: archive, slice, check, tampering, a lost cache.</summary>
public sealed class StoryTests
{
    // Of all tables' hashes for the two exports above: the same bytes under every culture and zone, here and elsewhere.
    private const string TablesDigest = "220f0db945af362f62be8bcfe87dae3d";

    public static TheoryData<string, string> Places => new()
    {
        { "en_US.UTF-8", "UTC" },
        { "tr_TR.UTF-8", "Pacific/Kiritimati" },
        { "de_DE", "America/St_Johns" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void From_export_to_drift_and_back_under_any_culture_and_time_zone(string culture, string zone)
    {
        using var scratch = new ScratchFolder();
        var place = new Dictionary<string, string> { ["LANG"] = culture, ["LC_ALL"] = culture, ["TZ"] = zone };
        HarvestResult Run(params string[] arguments) => HarvestProgram.Run(scratch.Path, place, arguments);

        Run("init").Exits(0);
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6));
        scratch.Write("exports/actions.json", SmallExport.Actions(tasks: 4));
        Run("add", "exports/hands.json", "--project", "b").Exits(0);
        Run("add", "exports/actions.json").Exits(0);
        Run("new", "v1", "--reason", "first").Exits(0);
        Run("check").Exits(0);
        SortedDictionary<string, string> built = scratch.CachedTables();

        // Every table that the slice names, which are those with rows, is in the cache with the bytes it records.
        JsonElement slice = Run("show", "v1", "--json").Exits(0).Document().GetProperty("slice");
        string[] recorded = [.. slice.GetProperty("outputs").EnumerateArray().Select(static output => output.GetProperty("sha256").GetString()!)];
        Assert.Equal(4, recorded.Length);
        Assert.Subset(built.Values.ToHashSet(), recorded.ToHashSet());
        Assert.Equal(TablesDigest, Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(recorded))))[..32]);

        // Somebody exports over the file: labels changed, exit code 1, and the slice can still be built.
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6, moved: 3));
        HarvestResult drifted = Run("check", "--json").Exits(1);
        JsonElement report = Assert.Single(drifted.Document().GetProperty("slices").EnumerateArray());
        Assert.Equal("Drifted", report.GetProperty("status").GetString());
        Assert.Equal("ExportRewritten", Assert.Single(report.GetProperty("findings").EnumerateArray()).GetProperty("kind").GetString());

        Directory.Delete(scratch[".harvest/cache"], recursive: true);
        Run("build").Exits(0);
        Assert.Equal(built, scratch.CachedTables());
    }
}
