using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using HarvestTools.Cache;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.Rules;
using HarvestTools.Tests.Files;
using HarvestTools.Tests.LabelStudio;

namespace HarvestTools.Tests.Derivation;

/// <summary>What holds for every export whose tasks show several images or videos, with several controls.</summary>
public sealed class MediaPropertyTests : IDisposable
{
    private const int Exports = 150;

    private static readonly HarvestRules[] s_variants =
    [
        HarvestRules.Default,
        new() { Consensus = Consensus.First, MinPixelAgreement = 20, MinFrameAgreement = 6 },
        new() { RequireTwoAnnotators = true, AcceptUntouched = false, InterpolateTracks = false },
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_order_of_tasks_annotations_regions_and_keys_changes_neither_rows_nor_label_hash()
    {
        int rows = 0;
        Gen.Select(MediaExport.Any(), Gen.Int).Sample(
            (export, seed) =>
            {
                JsonArray permuted = Permutation.Of(export, new Random(seed));
                Assert.Equal(Hash(export, 1), Hash(permuted, 3));
                foreach (HarvestRules rules in s_variants)
                {
                    string[] expected = Rows(export, rules);
                    Assert.Equal(expected, Rows(permuted, rules));
                    Interlocked.Add(ref rows, expected.Length);
                }
            },
            iter: Exports,
            print: static made => made.Item1.ToJsonString() + "\n" + made.Item2);

        Assert.True(rows > 3_000, $"only {rows} rows");
    }

    [Fact]
    public void Equal_labels_give_equal_files_in_any_order_and_with_any_number_of_threads() => Gen.Select(MediaExport.Any(), Gen.Int).Sample(
        (export, seed) => Assert.Equal(Files(export, 1), Files(Permutation.Of(export, new Random(seed)), 3)),
        iter: 25,
        threads: 1,
        print: static made => made.Item1.ToJsonString() + "\n" + made.Item2);

    [Fact]
    public void The_label_hash_is_what_its_definition_says() => MediaExport.Any().Sample(
        static export => Assert.Equal(LabelHashReference.Of(export.ToJsonString()), Hash(export, 2)),
        iter: Exports,
        print: static export => export.ToJsonString());

    /// <summary>Hence an annotation on one medium changes no row of another.</summary>
    [Fact]
    public void A_task_gives_the_rows_that_its_media_give_each_alone()
    {
        int media = 0;
        MediaExport.Any().Sample(
            export =>
            {
                string[] all = [.. Items(export).Select(MediaExport.MediumOf).OfType<string>().Distinct()];
                foreach (HarvestRules rules in s_variants)
                {
                    (string[] rows, Tally tally) = Derive(export, rules);
                    (string[] Rows, Tally Tally)[] alone = [.. all.Select(medium => Derive(MediaExport.Only(export, other => other == medium), rules))];
                    AssertSame(rows, [.. alone.SelectMany(static one => one.Rows)]);
                    Assert.Equal(tally.SizeConflicts, alone.Sum(static one => one.Tally.SizeConflicts));
                    Assert.Equal(tally.UnknownMedia, alone.Sum(static one => one.Tally.UnknownMedia));
                }

                Interlocked.Add(ref media, all.Length);
            },
            iter: Exports,
            print: static export => export.ToJsonString());

        Assert.True(media > Exports * 2, $"only {media} media");
    }

    [Fact]
    public void An_annotation_on_another_medium_changes_no_row_of_this_one() => Gen.Select(MediaExport.Any(), Gen.Int[0, MediaExport.Media - 1], Gen.Int).Sample(
        static (export, chosen, seed) =>
        {
            string[] all = [.. Items(export).Select(MediaExport.MediumOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            if (all.Length < 2)
            {
                return;
            }

            // What everybody says of one medium is said once more, by one who disagrees.
            string other = all[chosen % all.Length];
            JsonArray more = export.DeepClone().AsArray();
            foreach (JsonNode? task in more)
            {
                JsonArray annotations = task!["annotations"]!.AsArray();
                foreach (JsonNode? told in MediaExport.Only(new JsonArray(task.DeepClone()), medium => medium == other)[0]!["annotations"]!.AsArray())
                {
                    JsonNode added = told!.DeepClone();
                    added["id"] = added["id"]!.GetValue<int>() + 50;
                    added["completed_by"] = 70 + (seed & 1);
                    foreach (JsonNode? item in added["result"]!.AsArray())
                    {
                        if (item!["to_name"] is null)
                        {
                            (item["to_name"], item["item_index"]) = (other.Split(' ')[0], int.Parse(other.Split(' ')[1], CultureInfo.InvariantCulture));
                        }

                        if (item["value"]!["x"] is { } x)
                        {
                            item["value"]!["x"] = x.GetValue<double>() + 0.3;
                        }
                    }

                    annotations.Add(added);
                }
            }

            foreach (HarvestRules rules in s_variants)
            {
                AssertSame(Rows(export, rules).Where(row => !IsOn(row, other)), Rows(more, rules).Where(row => !IsOn(row, other)));
            }
        },
        iter: Exports,
        print: static made => made.Item1.ToJsonString() + "\n" + made.Item2);

    [Fact]
    public void An_annotation_with_another_control_changes_no_row_of_this_one() => MediaExport.Any().Sample(
        static export =>
        {
            JsonArray more = export.DeepClone().AsArray();
            foreach (JsonNode? task in more)
            {
                JsonArray annotations = task!["annotations"]!.AsArray();
                foreach (JsonNode told in annotations.Select(static a => a!).ToArray())
                {
                    JsonNode added = told.DeepClone();
                    added["id"] = added["id"]!.GetValue<int>() + 50;
                    added["completed_by"] = 70;
                    foreach (JsonNode? item in added["result"]!.AsArray())
                    {
                        item!["from_name"] = "other_" + item["from_name"];
                    }

                    annotations.Add(added);
                }
            }

            foreach (HarvestRules rules in s_variants)
            {
                AssertSame(
                    Rows(WithSizes(export), rules),
                    Rows(WithSizes(more), rules).Where(static row => !row.Contains("from_name=other_", StringComparison.Ordinal)));
            }
        },
        iter: Exports,
        print: static export => export.ToJsonString());

    [Fact]
    public void What_moves_to_another_medium_or_control_is_another_label() => Gen.Select(MediaExport.Any(), Gen.Int).Sample(
        static (export, seed) =>
        {
            JsonArray changed = export.DeepClone().AsArray();
            JsonNode[] items = [.. Items(changed).Where(static item => item["to_name"] is not null)];
            if (items.Length == 0)
            {
                return;
            }

            string before = Hash(export, 1);
            JsonNode moved = items[(seed & int.MaxValue) % items.Length];
            string member = (seed % 3) switch { 0 => "to_name", 1 => "from_name", _ => "item_index" };
            moved[member] = member == "item_index" ? (moved[member]?.GetValue<int>() ?? 0) + 1 : moved[member] + "x";
            Assert.NotEqual(before, Hash(changed, 1));
        },
        iter: Exports,
        print: static made => made.Item1.ToJsonString() + "\n" + made.Item2);

    [Fact]
    public void Links_that_are_signed_anew_change_neither_rows_nor_label_hash() => MediaExport.Any().Sample(
        static export =>
        {
            JsonArray Signed(string query) => JsonNode.Parse(export.ToJsonString()
                .Replace(".jpg\"", $".jpg{query}\"", StringComparison.Ordinal)
                .Replace(".mp4\"", $".mp4{query}\"", StringComparison.Ordinal))!.AsArray();

            JsonArray plain = Signed("?versionId=7");
            foreach (int week in (int[])[1, 2])
            {
                JsonArray signed = Signed($"?X-Amz-Date=2026{week}&versionId=7&X-Amz-Signature=ab{week}");
                Assert.Equal(Hash(plain, 1), Hash(signed, 1));
                Assert.Equal(Rows(plain, HarvestRules.Default), Rows(signed, HarvestRules.Default));
            }

            Assert.True(Items(export).Any() ? Hash(plain, 1) != Hash(export, 1) : Hash(plain, 1) == Hash(export, 1));
        },
        iter: 50,
        print: static export => export.ToJsonString());

    [Fact]
    public void Tasks_and_annotations_that_are_there_again_change_nothing() => Gen.Select(MediaExport.Any(), Gen.Int).Sample(
        (export, seed) =>
        {
            var random = new Random(seed);
            JsonArray again = export.DeepClone().AsArray();
            int annotations = 0;
            foreach (JsonNode task in again.Select(static task => task!).ToArray())
            {
                foreach (JsonNode annotation in task["annotations"]!.AsArray().Select(static a => a!).ToArray())
                {
                    if (random.Next(2) == 0)
                    {
                        task["annotations"]!.AsArray().Add(annotation.DeepClone());
                        annotations++;
                    }
                }
            }

            int tasks = 0;
            foreach (JsonNode task in again.Select(static task => task!).Where(static task => task["annotations"]!.AsArray().Count > 0).ToArray())
            {
                if (random.Next(2) == 0)
                {
                    again.Add(task.DeepClone());
                    tasks++;
                }
            }

            Assert.Equal(Hash(export, 1), Hash(Permutation.Of(again, random), 2));
            Assert.Equal(Files(export, 1), Files(Permutation.Of(again, random), 2, out Tally tally));
            Assert.Equal((tasks, annotations), (tally.RepeatedTasks, tally.RepeatedAnnotations));
        },
        iter: 25,
        threads: 1,
        print: static made => made.Item1.ToJsonString() + "\n" + made.Item2);

    /// <summary>One size everywhere: those who have none borrow their medium's, whoever has it.</summary>
    private static JsonArray WithSizes(JsonArray export)
    {
        JsonArray sized = export.DeepClone().AsArray();
        foreach (JsonNode item in Items(sized))
        {
            (item["original_width"], item["original_height"]) = (1000, 500);
        }

        return sized;
    }

    /// <summary>The same rows, whatever their order, and where they are not, those that differ.</summary>
    private static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual)
    {
        string[] one = [.. expected.Order(StringComparer.Ordinal)];
        string[] other = [.. actual.Order(StringComparer.Ordinal)];
        Assert.True(one.SequenceEqual(other), string.Join('\n', one.Except(other).Select(static row => "- " + row).Concat(other.Except(one).Select(static row => "+ " + row))));
    }

    private static IEnumerable<JsonNode> Items(JsonArray export) =>
        export.SelectMany(static task => task!["annotations"]!.AsArray()).SelectMany(static annotation => annotation!["result"]!.AsArray()).Select(static item => item!);

    private static bool IsOn(string row, string medium)
    {
        string[] parts = medium.Split(' ');
        string tag = $"to_name={parts[0]} ";
        int at = row.IndexOf(tag, StringComparison.Ordinal);
        if (at < 0)
        {
            // An item that names no medium is rejected with the region of its id, wherever that is.
            return true;
        }

        string rest = row[(at + tag.Length)..];
        string index = rest.StartsWith("item_index=", StringComparison.Ordinal) ? rest["item_index=".Length..].Split(' ')[0] : "";
        return (index.Length == 0 ? "0" : index) == parts[1];
    }

    private static string[] Rows(JsonArray export, HarvestRules rules) => Derive(export, rules).Rows;

    private static (string[] Rows, Tally Tally) Derive(JsonArray export, HarvestRules rules)
    {
        var rows = new List<string>();
        Tally tally = ExportRows.Derive(Bytes(export), derived => rows.AddRange(derived.Print()), rules);
        rows.Sort(StringComparer.Ordinal);
        return ([.. rows], tally);
    }

    private static byte[] Bytes(JsonArray export) => Encoding.UTF8.GetBytes(export.ToJsonString());

    private static string Hash(JsonArray export, int threads)
    {
        using var stream = new MemoryStream(Bytes(export));
        return ExportFingerprint.Compute(stream, "a.json", null, withLabels: true, threads).LabelSha256!;
    }

    private string[] Files(JsonArray export, int threads) => Files(export, threads, out _);

    /// <summary>The SHA-256 of every table's file.</summary>
    private string[] Files(JsonArray export, int threads, out Tally tally)
    {
        var request = new PartRequest("p", "a.json", HarvestRules.Default, FieldMapping.Default, threads, _folder.Path);
        using var input = new MemoryStream(Bytes(export));
        DerivedPart part = PartDerivation.Run(request, input, static _ => new MemoryStream(), null, CancellationToken.None);
        tally = part.Tally;
        return [.. part.Tables.Select(static table => string.Create(CultureInfo.InvariantCulture, $"{table.Rows} {table.Sha256}"))];
    }
}
