using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>One bit is flipped in a kept file, and the program says so or gives what it gave before.</summary>
public sealed class DamageTests
{
    [Fact]
    public void A_damaged_record_of_an_export_is_named_by_what_reads_it_and_put_right_by_repair_or_by_adding_again()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string record = Directory.EnumerateFiles(scratch[".harvest/archive/exports"], "b-*.json").Single();
        byte[] written = File.ReadAllBytes(record);
        int count = written.AsSpan().IndexOf("\"tasks\": "u8) + 9;

        Flip(record, written, count, 1);
        HarvestResult read = scratch.Run("exports", "--json").Exits(3);
        Assert.Equal(["RecordDamaged"], read.ErrorIds());
        Assert.Equal(["RecordDamaged"], scratch.Run("new", "v2", "--json").Exits(3).ErrorIds());
        Assert.Equal("Unreadable", Findings(scratch.Run("fsck", "--json").Exits(1)).Single().GetProperty("kind").GetString());
        Assert.True(Findings(scratch.Run("fsck", "--repair", "--json").Exits(0)).Single().GetProperty("repaired").GetBoolean());
        Assert.Equal(written, File.ReadAllBytes(record));

        Flip(record, written, count, 2);
        scratch.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
        Assert.Equal(written, File.ReadAllBytes(record));
        scratch.Run("fsck", "-q").Exits(0);
    }

    /// <summary>A record comes back from its object and an object from the file that its record says: with both damaged only the files are left.</summary>
    [Fact]
    public void Exports_whose_records_and_objects_are_all_damaged_come_back_by_adding_them_as_the_errors_say()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string[] records = [.. Directory.EnumerateFiles(scratch[".harvest/archive/exports"], "*.json").Order(StringComparer.Ordinal)];
        Assert.Equal(2, records.Length);
        foreach (string file in records.Concat(Directory.EnumerateFiles(scratch[".harvest/archive/sha256"], "*", SearchOption.AllDirectories)).ToList())
        {
            ScratchFolder.Unlock(file);
            byte[] bytes = File.ReadAllBytes(file);
            (bytes[^1], bytes[^2], bytes[bytes.Length / 2]) = ((byte)'!', (byte)'!', (byte)'!');
            File.WriteAllBytes(file, bytes);
        }

        Assert.Equal(2, Findings(scratch.Run("fsck", "--repair", "--json").Exits(1)).Count(static finding => finding.GetProperty("kind").GetString() == "Unreadable"));

        // The first one's own record is right again; the other's is in the way, and the error names it.
        HarvestResult first = scratch.Run("add", "exports/actions.json", "--project", "a").Exits(3);
        Assert.Contains(Path.GetFileName(records[1]), first.Error, StringComparison.Ordinal);
        Assert.Contains("line ", first.Error, StringComparison.Ordinal);
        Assert.Contains("add the export again with 'harvest add FILE'", first.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Correct the JSON", first.Error, StringComparison.Ordinal);
        scratch.Run("add", "exports/hands.json", "--project", "b", "-q").Exits(0);
        scratch.Run("add", "exports/actions.json", "--project", "a", "-q").Exits(0);
        scratch.Run("fsck", "-q").Exits(0);
        scratch.Run("check", "-q").Exits(0);
    }

    [Fact]
    public void A_damaged_part_changes_neither_the_next_slice_nor_the_decision()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Run("register", "v1", "hand", "s3://bucket/v1.pt", "-q").Exits(0);
        scratch.Write("exports/hands2.json", SmallExport.Hands(tasks: 6, moved: 2));
        scratch.Run("add", "exports/hands2.json", "--project", "b", "-q").Exits(0);
        string decision = State(scratch.Run("decide", "--json"));
        string outputs = scratch.Run("show", "v1", "--json").Exits(0).Document().GetProperty("slice").GetProperty("outputs").GetRawText();
        string[] records = [.. Directory.EnumerateFiles(scratch[".harvest/cache/parts"], "part.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(3, records.Length);
        foreach (string record in records)
        {
            byte[] written = File.ReadAllBytes(record);
            foreach (int at in new[] { DigestIn(written), written.AsSpan().IndexOf("\"corrected_rows\":"u8) + 17 })
            {
                Flip(record, written, at, 1);
                Assert.Equal("CacheDamaged", Findings(scratch.Run("fsck", "--json").Exits(0)).Single(static finding => finding.GetProperty("kind").GetString() != "Unreferenced").GetProperty("kind").GetString());
                Assert.Equal(decision, State(scratch.Run("decide", "--json")));
                Assert.Equal(written, File.ReadAllBytes(record));
            }
        }

        foreach (string record in records)
        {
            byte[] written = File.ReadAllBytes(record);
            Flip(record, written, DigestIn(written), 1);
        }

        scratch.Run("new", "v2", "--parent", "v1", "--export", "a", "--export", ScratchFolder.Sha256(scratch["exports/hands.json"])[..12], "-q").Exits(0);
        Assert.Equal(outputs, scratch.Run("show", "v2", "--json").Exits(0).Document().GetProperty("slice").GetProperty("outputs").GetRawText());
    }

    [Fact]
    public void A_damaged_table_of_a_slice_fails_fsck_and_build_makes_it_again()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string table = Directory.EnumerateFiles(scratch[".harvest/cache"], "b-*.parquet", SearchOption.AllDirectories)
            .Single(static path => Path.GetFileName(Path.GetDirectoryName(path)) == "keypoints");
        byte[] written = File.ReadAllBytes(table);
        ScratchFolder.Unlock(table);
        Flip(table, written, written.Length / 2, 4);

        JsonElement finding = Findings(scratch.Run("fsck", "--json").Exits(1)).Single(static found => found.GetProperty("severity").GetString() == "Error");
        Assert.Equal("CacheDamaged", finding.GetProperty("kind").GetString());
        Assert.Contains("harvest build v1", finding.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        scratch.Run("build", "v1", "-q").Exits(0);
        Assert.Equal(written, File.ReadAllBytes(table));
    }

    /// <summary>Reading such a page would go back to its beginning for ever, and nothing but its header says that it is damaged.</summary>
    [Fact]
    public void A_page_of_a_size_below_zero_ends_the_comparison_though_every_digest_is_right()
    {
        using var scratch = new ScratchFolder().WithSlice();
        scratch.Write("exports/hands2.json", SmallExport.Hands(tasks: 6, moved: 2));
        scratch.Run("add", "exports/hands2.json", "--project", "b", "-q").Exits(0);
        scratch.Run("new", "v2", "--parent", "v1", "-q").Exits(0);
        foreach (string record in Directory.EnumerateFiles(scratch[".harvest/cache/parts"], "part.json", SearchOption.AllDirectories))
        {
            string table = Path.Combine(Path.GetDirectoryName(record)!, "keypoints.parquet");
            ScratchFolder.Unlock(table);
            string before = ScratchFolder.Sha256(table);
            byte[] bytes = File.ReadAllBytes(table);
            bytes[StoredSizeAt(bytes)] |= 1;
            File.WriteAllBytes(table, bytes);
            Seal(record, File.ReadAllText(record).Replace(before, ScratchFolder.Sha256(table), StringComparison.Ordinal));
        }

        HarvestResult compared = scratch.Run("diff", "v1", "v2", "--rows", "--json").Exits(3);
        Assert.Equal(["ParquetDamaged"], compared.ErrorIds());
        Assert.Contains("a page is not within its column", compared.Out + compared.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slice_that_says_what_cannot_be_drifts_and_fails_fsck()
    {
        using var scratch = new ScratchFolder().WithSlice();
        string manifest = scratch["slices/v1/slice.json"];
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"table\": \"boxes\"", "\"table\": \"boxer\"", StringComparison.Ordinal));

        Assert.Contains("RecordDamaged", scratch.Run("check", "--quick").Exits(1).Out, StringComparison.Ordinal);
        Assert.Contains("\"boxer\" in outputs[", scratch.Run("fsck").Exits(1).Out, StringComparison.Ordinal);
    }

    private static void Flip(string path, byte[] written, int at, byte bit)
    {
        byte[] bytes = [.. written];
        bytes[at] ^= bit;
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Where the third number of the first page's header begins: the bytes that the page has. Its lowest bit is the sign.</summary>
    private static int StoredSizeAt(byte[] file)
    {
        int at = "PAR1".Length + 1;
        for (int passed = 0; passed < 2; at += 2, passed++)
        {
            while (file[at] >= 0x80)
            {
                at++;
            }
        }

        return at;
    }

    /// <summary>Writes a part's record with digests of itself that are right.</summary>
    private static void Seal(string record, string text)
    {
        const string headMark = ",\"head_sha256\":\"";
        string head = text[..text.IndexOf(headMark, StringComparison.Ordinal)];
        string rest = text[(head.Length + headMark.Length + 64)..];
        string body = $"{head}{headMark}{Digest(head)}{rest[..rest.LastIndexOf(",\"sha256\"", StringComparison.Ordinal)]}";
        File.WriteAllText(record, $"{body},\"sha256\":\"{Digest(body)}\"}}");
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static int DigestIn(byte[] record) => record.AsSpan().IndexOf("\"rows_sha256\":\""u8) + 15;

    private static JsonElement[] Findings(HarvestResult fsck) => [.. fsck.Document().GetProperty("findings").EnumerateArray()];

    private static string State(HarvestResult decide) =>
        decide.Document().GetProperty("decision").GetRawText() + decide.Document().GetProperty("state").GetRawText();
}
