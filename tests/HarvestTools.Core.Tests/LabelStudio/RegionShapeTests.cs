using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CsCheck;
using HarvestTools.LabelStudio;
using HarvestTools.LabelStudio.Labels;
using HarvestTools.LabelStudio.Reading;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.LabelStudio;

/// <summary>Regions that are read and written by the shape of those before them are the same as when each is read by itself.</summary>
public sealed class RegionShapeTests
{
    private static readonly string[] s_types = ["keypointlabels", "rectanglelabels", "videorectangle", "timelinelabels", "choices", "labels"];

    private static readonly Gen<string> s_number = Gen.Frequency(
        (6, Gen.Int[10_000, 1_000_000_000].Select(static number => (number / 7e6).ToString("R", CultureInfo.InvariantCulture))),
        (4, Gen.Int[0, 3].Select(static number => number.ToString(CultureInfo.InvariantCulture))),
        (1, OneOf("1.50", "1e1", "-0.0", "null")));

    private static readonly Gen<string> s_text = Gen.Frequency(
        (8, Gen.Int[0, 5].Select(static i => $"\"text {i}\"")),
        (1, OneOf("\"\\u00e9\"", "\"ü\\/\"", "\"\"", "null", "7")));

    /// <summary>Regions of a few kinds, most with the members of one before it, some with one more, one less, or one there twice.</summary>
    private static readonly Gen<string> s_region = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 30], s_number.Array[6], s_text.Array[6]).Select(static (kind, odd, numbers, texts) =>
    {
        var members = new List<string>
        {
            $"\"original_width\":{numbers[4]}",
            $"\"value\":{Value(kind, numbers, texts)}",
            $"\"id\":{texts[0]}",
            $"\"from_name\":{texts[1]}",
            $"\"to_name\":{texts[2]}",
            $"\"type\":\"{s_types[kind]}\"",
            $"\"image_rotation\":{numbers[5]}",
        };
        switch (odd)
        {
            case 0:
                members.Add($"\"parentID\":{texts[3]}");
                break;
            case 1:
                members.Add($"\"meta\":{{\"z\":{numbers[0]},\"a\":[{texts[4]}]}}");
                break;
            case 2:
                members.RemoveAt(3);
                break;
            case 3:
                members.Add($"\"value\":{Value((kind + 1) % 4, numbers, texts)}");
                break;
            case 4:
                members.Insert(0, $"\"value\":{texts[5]}");
                break;
            case 5:
                members[2] = $"\"\\u0069d\":{texts[0]}";
                break;
            case 6:
                members.Reverse();
                break;
        }

        return $"{{{string.Join(',', members)}}}";
    });

    [Fact]
    public void They_say_the_same() => s_region.Array[1, 40].Sample(
        static regions =>
        {
            List<string> together = Read(regions);
            for (int i = 0; i < regions.Length; i++)
            {
                Assert.Equal(Read([regions[i]])[0], together[i]);
            }
        },
        iter: 500);

    /// <summary>Enough for what they have in common to be known, and then others in turn.</summary>
    [Fact]
    public void So_they_do_where_most_have_values_in_common() => Gen.Select(s_region, s_text.Array[6], Gen.Int[0, 20].Array[200]).Sample(
        static (region, texts, changes) =>
        {
            List<string> regions = [];
            foreach (int change in changes)
            {
                regions.Add(change == 0 ? Differing(region, texts[regions.Count % 6]) : region);
            }

            List<string> together = Read([.. regions]);
            var alone = new Dictionary<string, string>();
            for (int i = 0; i < regions.Count; i++)
            {
                if (!alone.TryGetValue(regions[i], out string? expected))
                {
                    alone.Add(regions[i], expected = Read([regions[i]])[0]);
                }

                Assert.Equal(expected, together[i]);
            }

            string export = $"[{Task([.. regions])}]";
            Assert.Equal(Text(export, hashed: false), Text(export, hashed: true));
            if (!IsRepeated(region))
            {
                using var stream = new MemoryStream(Encoding.UTF8.GetBytes(export));
                Assert.Equal(LabelHashReference.Of(export), ExportFingerprint.Compute(stream, "a.json", null, withLabels: true, 1).LabelSha256);
            }
        },
        iter: 200);

    [Fact]
    public void A_size_that_is_none_is_refused_in_the_last_of_many_regions()
    {
        const string Point = """{"id":"a","type":"keypointlabels","original_width":SIZE,"original_height":100,"value":{"x":1,"y":2,"width":3,"keypointlabels":["a"]}}""";
        string[] wrong = [.. Enumerable.Repeat(Point.Replace("SIZE", "3000000000", StringComparison.Ordinal), 300)];
        byte[] bytes = Encoding.UTF8.GetBytes(Task(wrong));

        var refused = Assert.Throws<HarvestException>(() => TaskParser.Parse(new RawTask("a.json", bytes, 0, bytes.Length, 1, 0, 1), new ExportTask()));
        Assert.Contains("original_width", refused.Message, StringComparison.Ordinal);
        var task = new ExportTask();
        TaskParser.Parse(new RawTask("a.json", bytes, 0, bytes.Length, 1, 0, 1), task, TaskParts.All | TaskParts.Tolerant);
        Assert.All(task.Labels.Annotations[0].Regions, static region => Assert.Equal((null, 100), (region.OriginalWidth, region.OriginalHeight)));
    }

    [Theory]
    [InlineData(30, 300)]
    [InlineData(8000, 3)]
    public void They_have_the_hash_of_the_definition(int count, int times) => s_region.Where(static region => !IsRepeated(region)).Array[count].Sample(
        static regions =>
        {
            // As many of the same shapes as leave no window of tokens for all.
            string export = $"[{Task(regions)}]";
            using var stream = new MemoryStream(Encoding.UTF8.GetBytes(export));
            string expected = LabelHashReference.Of(export);

            Assert.Equal(expected, ExportFingerprint.Compute(stream, "a.json", null, withLabels: true, 1).LabelSha256);
            Assert.Equal(Text(export, hashed: false), Text(export, hashed: true));
        },
        iter: times,
        threads: 1);

    /// <summary>The same region with another id, name or size.</summary>
    private static string Differing(string region, string text) => (text.Length % 3) switch
    {
        0 => region.Replace("\"type\":\"", "\"type\":\"x", StringComparison.Ordinal),
        1 => region.Replace("\"from_name\":\"text", "\"from_name\":\"other", StringComparison.Ordinal),
        _ => Regex.Replace(region, "\"original_width\":(\\d)", "\"original_width\":1$1"),
    };

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static bool IsRepeated(string region) => region.Split("\"value\"").Length > 2;

    private static string Value(int kind, string[] numbers, string[] texts) => kind switch
    {
        0 => $"{{\"x\":{numbers[0]},\"y\":{numbers[1]},\"width\":{numbers[2]},\"keypointlabels\":[{texts[3]}]}}",
        1 => $"{{\"x\":{numbers[0]},\"y\":{numbers[1]},\"width\":{numbers[2]},\"height\":{numbers[3]},\"rotation\":0,\"rectanglelabels\":[{texts[3]},{texts[4]}]}}",
        2 => $"{{\"framesCount\":9,\"sequence\":[{string.Join(',', Enumerable.Range(1, 3).Select(frame => $"{{\"frame\":{frame},\"enabled\":true,\"x\":{numbers[0]},\"y\":2,\"width\":{numbers[1]},\"height\":4}}"))}],\"labels\":[{texts[3]}]}}",
        3 => $"{{\"ranges\":[{{\"start\":1,\"end\":5}}],\"timelinelabels\":[{texts[3]}]}}",
        4 => $"{{\"choices\":[{texts[3]}]}}",
        _ => $"{{\"start\":1,\"labels\":[{texts[3]}],\"text\":{texts[4]}}}",
    };

    private static string Task(string[] regions) =>
        $"{{\"id\":1,\"data\":{{\"a\":1}},\"annotations\":[{{\"id\":2,\"completed_by\":3,\"result\":[{string.Join(',', regions)}],\"was_cancelled\":false}}],\"note\":\"{new string('.', 60)}\"}}";

    private static ExportTask Parse(string json, bool hashed)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(json);
        var task = new ExportTask();
        task.Tokens.IsHashed = hashed;
        TaskParser.Parse(new RawTask("a.json", bytes, 0, bytes.Length, 1, 0, 1), task, TaskParts.All | TaskParts.Tolerant);
        return task;
    }

    private static string Text(string export, bool hashed)
    {
        ExportTask task = Parse(export[1..^1], hashed);
        return Encoding.UTF8.GetString(new LabelTextWriter().Write(task.Labels, task.Tokens));
    }

    private static List<string> Read(string[] regions)
    {
        ExportTask task = Parse(Task(regions), hashed: false);
        return [.. task.Labels.Annotations[0].Regions.Select(region => Describe(region, task.Tokens))];
    }

    private static string Describe(Region region, TaskTokens tokens)
    {
        var text = new StringBuilder();
        foreach (object? value in (object?[])
        [
            region.Kind, region.Id, region.ParentId, region.Type, region.FromName, region.ToName, region.ItemIndex, region.Origin, region.OriginalWidth, region.OriginalHeight,
            region.HasLabelList, string.Join(';', region.Labels), region.X, region.Y, region.Width, region.Height, region.Rotation, string.Join(';', region.Ranges),
            string.Join(';', region.KeyFrames), region.FramesCount, region.Duration, region.Value,
        ])
        {
            text.Append(CultureInfo.InvariantCulture, $"{value}|");
        }

        for (RegionMember member = RegionMember.FromName; member < RegionMember.Count; member++)
        {
            text.Append(Encoding.UTF8.GetString(tokens.Raw(region.PlaceOf(member)).Span)).Append('|');
        }

        return text.Append(Encoding.UTF8.GetString(new LabelTextWriter().TextOf(region, tokens))).ToString();
    }
}
