using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>check, in each of its outcomes, and decide.</summary>
public sealed class CheckCommandTests
{
    [Fact]
    public void A_clean_slice_is_told_in_a_sentence()
    {
        using var scratch = new ScratchFolder().WithSlice();
        Assert.Equal("v1  clean: 2 exports as recorded, 12 tables derived again to the recorded bytes", scratch.Run("check", "v1").Exits(0).Out.TrimEnd());
        Assert.Equal("v1  clean: 2 exports as recorded, 4 cached tables compared, none derived again", scratch.Run("check", "--quick").Exits(0).Out.TrimEnd());
        Directory.Delete(scratch[".harvest/cache"], recursive: true);
        Assert.Equal("v1  clean: 2 exports as recorded, no table in the cache to compare, none derived again", scratch.Run("check", "--quick").Exits(0).Out.TrimEnd());
        HarvestResult quiet = scratch.Run("check", "--quiet").Exits(0);
        Assert.Empty(quiet.Out);
        Assert.Empty(quiet.Error);
    }

    [Fact]
    public void A_quick_check_sees_damage_also_where_it_hashed_the_file_before()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string table = Directory.GetFiles(scratch[".harvest/cache"], "*.parquet", SearchOption.AllDirectories)
            .First(static file => !file.Contains("parts", StringComparison.Ordinal));

        // Files changed seconds ago are not remembered: what was hashed here must look old.
        foreach (string file in Directory.GetFiles(scratch[".harvest"], "*", SearchOption.AllDirectories))
        {
            Age(file);
        }

        scratch.Run("check", "--quick").Exits(0);
        scratch.Run("check", "--quick").Exits(0);
        File.SetAttributes(table, FileAttributes.Normal);
        byte[] bytes = File.ReadAllBytes(table);
        bytes[^20] ^= 1;
        File.WriteAllBytes(table, bytes);
        Age(table);
        AssertReport("Drifted", "CacheDamaged", scratch.Run("check", "--quick", "--rehash", "--json").Exits(1));
        if (!OperatingSystem.IsWindows())
        {
            AssertReport("Drifted", "CacheDamaged", scratch.Run("check", "--quick", "--json").Exits(1));
        }

        static void Age(string file)
        {
            FileAttributes attributes = File.GetAttributes(file);
            File.SetAttributes(file, FileAttributes.Normal);
            File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            File.SetAttributes(file, attributes);
        }
    }

    [Fact]
    public void The_same_labels_under_other_bytes_are_no_drift()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6).Replace("\\/", "/", StringComparison.Ordinal));
        HarvestResult result = scratch.Run("check", "--json").Exits(0);
        AssertReport("Clean", "ExportRewritten", result);
        Assert.Contains("No label differs", scratch.Run("check").Exits(0).Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ExportMissing")]
    [InlineData("ExportDamaged")]
    [InlineData("ExportRewritten")]
    [InlineData("HarvestRedefined")]
    [InlineData("DerivationChanged")]
    [InlineData("EncodingChanged")]
    [InlineData("CacheDamaged")]
    public void Each_kind_of_drift_exits_with_1_in_every_output_mode(string kind)
    {
        using var scratch = new ScratchFolder().WithSlice();
        Spoil(scratch, kind);
        HarvestResult json = scratch.Run("check", "--json").Exits(1);
        AssertReport("Drifted", kind, json);
        JsonElement finding = json.Document().GetProperty("slices")[0].GetProperty("findings")[0];
        Assert.Equal("Error", finding.GetProperty("severity").GetString());

        HarvestResult text = scratch.Run("check").Exits(1);
        Assert.Contains("v1  DRIFTED: ", text.Out, StringComparison.Ordinal);
        Assert.Contains($"  {kind}: {finding.GetProperty("message").GetString()}", text.Out, StringComparison.Ordinal);
        Assert.Contains($"    {finding.GetProperty("remedy").GetString()}", text.Out, StringComparison.Ordinal);
        Assert.Empty(scratch.Run("check", "-q").Exits(1).Out);
    }

    [Theory]
    [InlineData("NothingRecorded")]
    [InlineData("FormatUnsupported")]
    public void What_cannot_be_verified_is_no_drift_and_says_so(string kind)
    {
        using var scratch = new ScratchFolder().WithSlice();
        Spoil(scratch, kind);
        AssertReport("Unverifiable", kind, scratch.Run("check", "--json", "--allow-unverified").Exits(0));
        HarvestResult text = scratch.Run("check").Exits(1);
        Assert.StartsWith("v1  cannot be verified", text.Out, StringComparison.Ordinal);
        Assert.Contains("No slice could be verified", text.Out, StringComparison.Ordinal);

        // One that can be verified is enough.
        scratch.Run("new", "v2", "-q").Exits(0);
        scratch.Run("check").Exits(0);
    }

    [Fact]
    public void Several_slices_end_with_a_count_and_the_worst_exit_code()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "--export", "a", "-q").Exits(0);
        Spoil(scratch, "ExportRewritten");
        HarvestResult text = scratch.Run("check").Exits(1);
        Assert.Contains("2 slices: 1 clean, 1 drifted, 0 unverifiable.", text.Out, StringComparison.Ordinal);
        scratch.Run("check", "v2").Exits(0);
        Assert.Equal(["SliceNotFound"], scratch.Run("check", "v1", "v9", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void Decide_tells_every_gate_and_always_exits_with_0()
    {
        using var scratch = new ScratchFolder().WithExports();
        scratch.Run("new", "v1", "--trained-at", "2026-05-11T14:32:00Z", "-q").Exits(0);
        HarvestResult text = scratch.Run("decide").Exits(0);
        Assert.StartsWith("Wait: ", text.Out, StringComparison.Ordinal);
        JsonElement document = scratch.Run("decide", "--json").Exits(0).Document();
        JsonElement decision = document.GetProperty("decision");
        Assert.Equal("Wait", decision.GetProperty("decision").GetString());
        Assert.False(decision.GetProperty("should_retrain").GetBoolean());
        Assert.Equal(
            ["Regression", "Delta", "Gini", "TopTaskShare", "EvalSet"],
            decision.GetProperty("gates").EnumerateArray().Select(static gate => gate.GetProperty("name").GetString()!));
        Assert.Equal("v1", document.GetProperty("state").GetProperty("trained_slice").GetString());
        Assert.Equal(0, document.GetProperty("state").GetProperty("corrected_episodes").GetInt32());

        // Ten new episodes on a corpus of five: ep0 to ep4, of which hands and actions share some.
        scratch.Write("more.json", SmallExport.Actions(tasks: 14));
        scratch.Run("add", "more.json", "--project", "a", "-q").Exits(0);
        JsonElement later = scratch.Run("decide", "--json").Exits(0).Document();
        Assert.Equal(10, later.GetProperty("state").GetProperty("corrected_episodes").GetInt32());
        Assert.Equal(5, later.GetProperty("state").GetProperty("corpus").GetInt32());
        Assert.Equal("Retrain", later.GetProperty("decision").GetProperty("decision").GetString());
    }

    /// <summary>One slice, with findings of that kind alone.</summary>
    private static void AssertReport(string status, string kind, HarvestResult result)
    {
        JsonElement report = Assert.Single(result.Document().GetProperty("slices").EnumerateArray());
        Assert.Equal(status, report.GetProperty("status").GetString());
        Assert.Equal(
            [kind],
            report.GetProperty("findings").EnumerateArray().Select(static finding => finding.GetProperty("kind").GetString()!).Distinct());
    }

    private static void Spoil(ScratchFolder scratch, string kind)
    {
        string sha256 = ScratchFolder.Sha256(scratch["exports/hands.json"]);
        string stored = scratch[$".harvest/archive/sha256/{sha256[..2]}/{sha256}"];
        string manifest = scratch["slices/v1/slice.json"];
        string text = File.ReadAllText(manifest);
        switch (kind)
        {
            case "ExportMissing":
                ScratchFolder.Unlock(stored);
                File.Delete(stored);
                File.Delete(scratch["exports/hands.json"]);
                break;
            case "ExportDamaged":
                ScratchFolder.Unlock(stored);
                File.AppendAllText(stored, " ");
                break;
            case "ExportRewritten":
                scratch.Write("exports/hands.json", SmallExport.Hands(tasks: 6, label: "palm"));
                break;
            case "HarvestRedefined":
                Replace(scratch["harvest.json"], "\"min_pixel_agreement\": 5", "\"min_pixel_agreement\": 8");
                break;
            case "DerivationChanged":
                // As a derivation that gave other rows would have recorded it.
                Rewrite(manifest, text, "rows_sha256");
                break;
            case "EncodingChanged":
                Rewrite(manifest, text, "sha256", after: "\"outputs\"");
                break;
            case "CacheDamaged":
                string table = Directory.EnumerateFiles(scratch[".harvest/cache"], $"b-{sha256[..12]}.parquet", SearchOption.AllDirectories)
                    .First(static path => path.Contains("keypoints", StringComparison.Ordinal));
                byte[] bytes = File.ReadAllBytes(table);
                bytes[bytes.Length / 2] ^= 1;
                ScratchFolder.Unlock(table);
                File.Delete(table);
                File.WriteAllBytes(table, bytes);
                break;
            case "NothingRecorded":
                int from = text.IndexOf("\"outputs\"", StringComparison.Ordinal);
                int to = text.IndexOf(']', from) + 1;
                File.WriteAllText(manifest, text[..from] + "\"outputs\": []" + text[to..]);
                break;
            case "FormatUnsupported":
                Replace(manifest, "\"format_version\": 2", "\"format_version\": 999");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such case");
        }
    }

    private static void Replace(string path, string old, string by)
    {
        string text = File.ReadAllText(path);
        Assert.Contains(old, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(old, by, StringComparison.Ordinal));
    }

    /// <summary>Gives the first such member after a place another hash.</summary>
    private static void Rewrite(string path, string text, string member, string after = "")
    {
        string key = $"\"{member}\": \"";
        int at = text.IndexOf(key, text.IndexOf(after, StringComparison.Ordinal), StringComparison.Ordinal) + key.Length;
        File.WriteAllText(path, text[..at] + new string('0', 64) + text[(at + 64)..]);
    }
}
