using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>A tally in which every number is another one, as a record of a part has it.</summary>
public sealed partial class TallyRecordTests
{
    // Two episodes: their hashes and how often people corrected in them.
    private static readonly string Corrections = Packed(7, 4, 9, 5);
    private static readonly string Others = Packed(7, 1, 8, 2);
    private static readonly string Labels = Packed(21, 0, 22, 23, 24);

    private static readonly string Record = """
        {"tasks":1,"annotations":2,"regions":3,"drafts":4,"unlabeled":5,
        "rows":{"keypoints":6,"boxes":7,"actions":8,"polygons":9,"choices":10,"rejected":11},
        "attributes":12,"out_of_range":13,"unknown_sizes":14,"unknown_media":15,"size_conflicts":16,"repeated_tasks":17,"repeated_annotations":18,
        "unknown_labels":19,"unknown_label":"c: l",
        "shared_frames":{"tasks":20,"first_task":21,"second_task":22,"task_subdir":"s","episode":"e","frame":23},
        "total":{"kept":24,"rows":25,"dropped":{"cancelled":26,"empty":27,"superseded":28,"unsupported-type":29,"no-label":30,"no-geometry":31,"untouched-prediction":32,"open-end":33,"disagreement":34,"single-annotator":35}},
        "fields":{"task_subdir":{"mapped":36,"from_path":37,"missing":38},"episode":{"mapped":39,"from_path":40,"missing":41},"frame":{"mapped":42,"from_path":43,"missing":44}},
        "by_label":{"a":{"kept":45,"rows":46,"dropped":{}},"b":{"kept":47,"rows":48,"dropped":{"empty":49}}},
        "by_annotator":{"":{"kept":50,"rows":51,"dropped":{}},"12":{"kept":52,"rows":53,"dropped":{}}},
        "by_task_subdir":{"s":{"kept":54,"rows":55,"dropped":{"empty":56}}},
        "by_model":{"":{"strata":[{"task_subdir":"s","annotator":null,"annotations":57,"accepted":58,"corrected":59,"drawn":60,"deleted":61,"unknown":62,"corrections_by_episode":"CORRECTIONS","first_at":63,"last_at":64}]},
        "v1":{"strata":[{"task_subdir":"s","annotator":-5,"annotations":1,"accepted":2,"corrected":3,"drawn":4,"deleted":5,"unknown":6,"corrections_by_episode":"CORRECTIONS","first_at":null,"last_at":null},
        {"task_subdir":"s","annotator":7,"annotations":10,"accepted":20,"corrected":30,"drawn":40,"deleted":50,"unknown":60,"corrections_by_episode":"OTHERS","first_at":5,"last_at":null},
        {"task_subdir":"t","annotator":7,"annotations":100,"accepted":200,"corrected":300,"drawn":400,"deleted":500,"unknown":600,"corrections_by_episode":"","first_at":6,"last_at":6}]}},
        "labels_by_people":[{"task_subdir":"s","episode":"e","labels":"LABELS"},{"task_subdir":"s","episode":"f","labels":"LABELS"}],
        "weeks":[0,105000],
        "first_data":{"ordinal":65,"keys":"image, frame"}}
        """
        .Replace("\n", "", StringComparison.Ordinal).Replace("CORRECTIONS", Corrections, StringComparison.Ordinal)
        .Replace("OTHERS", Others, StringComparison.Ordinal).Replace("LABELS", Labels, StringComparison.Ordinal);

    [Fact]
    public void What_is_read_is_written_again() => Assert.Equal(Record, Written(Read(Record)));

    [Fact]
    public void Each_count_has_its_place()
    {
        Tally tally = Read(Record);
        Assert.Equal(Enumerable.Range(1, 5).Select(static n => (long)n), [tally.Tasks, tally.Annotations, tally.Regions, tally.Drafts, tally.Unlabeled]);
        Assert.Equal(["keypoints 6", "boxes 7", "actions 8", "polygons 9", "choices 10", "rejected 11"], tally.RowsByTable.Select(static rows => $"{rows.Key} {rows.Value}"));
        Assert.Equal(6 + 7 + 8 + 9 + 10, tally.Rows);
        Assert.Equal(
            Enumerable.Range(12, 9).Select(static n => (long)n),
            [tally.Attributes, tally.OutOfRange, tally.UnknownSizes, tally.UnknownMedia, tally.SizeConflicts, tally.RepeatedTasks, tally.RepeatedAnnotations, tally.UnknownLabels, tally.SharedFrames]);
        Assert.Equal(("c: l", new SharedFrame(21, 22, "s", "e", 23)), (tally.UnknownLabel, tally.SharedFrame));
        Assert.Equal((24, 25), (tally.Total.Kept, tally.Total.Rows));
        Assert.Equal(Enumerable.Range(26, 10).Select(static n => (long)n), tally.Total.Dropped.Values);
        Assert.Equal((26, 34), (tally.Total.DroppedFor(DropReason.Cancelled), tally.Total.DroppedFor(DropReason.Disagreement)));
        FieldCounts[] fields = [tally.TaskSubdir, tally.Episode, tally.Frame];
        Assert.Equal(Enumerable.Range(36, 9).Select(static n => (long)n), fields.SelectMany(static field => new[] { field.Mapped, field.FromPath, field.Missing }));
        Assert.Equal([47, 52, 54], new[] { tally.ByLabel["b"], tally.ByAnnotator["12"], tally.ByTaskSubdir["s"] }.Select(static counts => counts.Kept));
        Assert.Equal([0, 105000], tally.Weeks.All);
        Assert.Equal((65L, "image, frame"), tally.FirstData);
        (string subdir, string episode, EpisodeLabels labels) = tally.People.First();
        Assert.Equal(("s", "e", new Digest128(0, 21), 22, 23, 24), (subdir, episode, labels.Digest, labels.Made, labels.All, labels.OverruledRows));
    }

    [Fact]
    public void A_models_counts_are_those_of_all_folders_and_people()
    {
        ModelTally model = Read(Record).ByModel["v1"];
        Assert.Equal([111, 222, 333, 444, 555, 666], [model.Annotations, model.Accepted, model.Corrected, model.Drawn, model.Deleted, model.Unknown]);
        Assert.Equal((3, 2), (model.Episodes, model.Annotators));
        Assert.Equal([("s", -5L), ("s", 7L), ("t", 7L)], model.Strata.Select(static entry => (entry.TaskSubdir, entry.AnnotatorId!.Value)));
        ModelStratum first = model.Strata[0].Stratum;
        Assert.Equal([(7, 4), (9, 5)], first.CorrectionsByEpisode.Select(static entry => ((int)entry.Key, (int)entry.Value)));
        Assert.Equal((41, 2, 12), (first.SquaredCorrections, first.Episodes, first.Sources.Corrections));

        // Nobody's annotations are by no annotator.
        ModelTally unnamed = Read(Record).ByModel[""];
        Assert.Equal((0, 63L, 64L), (unnamed.Annotators, unnamed.Strata[0].Stratum.FirstAt!.Value.Ticks, unnamed.Strata[0].Stratum.LastAt!.Value.Ticks));
    }

    /// <summary>A tally that is added to its like has every count twice, and what is no count as it was.</summary>
    [Fact]
    public void Merged_counts_are_sums()
    {
        Tally tally = Read(Record);
        tally.Merge(Read(Record));

        string expected = Number().Replace(Record, static number => (long.Parse(number.Value, CultureInfo.InvariantCulture) * 2).ToString(CultureInfo.InvariantCulture));
        foreach ((string twice, string as_is) in new (string, string)[]
        {
            ("\"first_task\":42,\"second_task\":44", "\"first_task\":21,\"second_task\":22"), ("\"frame\":46}", "\"frame\":23}"), ("\"ordinal\":130", "\"ordinal\":65"),
            ("\"annotator\":-10", "\"annotator\":-5"), ("\"annotator\":14", "\"annotator\":7"), ("\"first_at\":126,\"last_at\":128", "\"first_at\":63,\"last_at\":64"),
            ("\"first_at\":10,", "\"first_at\":5,"), ("\"first_at\":12,\"last_at\":12", "\"first_at\":6,\"last_at\":6"),
            (Corrections, Packed(7, 8, 9, 10)), (Others, Packed(7, 2, 8, 4)), (Labels, Packed(42, 0, 44, 46, 48)),
        })
        {
            expected = expected.Replace(twice, as_is, StringComparison.Ordinal);
        }

        Assert.Equal(expected, Written(tally));
    }

    [Fact]
    public void Examples_and_dates_of_a_merge_are_the_first_and_the_last()
    {
        Tally Other(string label, long ordinal, string at) => Read(Record
            .Replace("c: l", label, StringComparison.Ordinal).Replace("\"ordinal\":65", $"\"ordinal\":{ordinal}", StringComparison.Ordinal)
            .Replace("\"first_at\":63,\"last_at\":64", at, StringComparison.Ordinal));

        Tally tally = Other("b", 64, "\"first_at\":60,\"last_at\":61");
        tally.Merge(Other("d", 70, "\"first_at\":null,\"last_at\":null"));
        Assert.Equal(("b", 64L, 60L, 61L), Of(tally));
        tally.Merge(Other("B", 63, "\"first_at\":59,\"last_at\":62"));
        Assert.Equal(("B", 63L, 59L, 62L), Of(tally));
        Tally undated = Other("c", 5, "\"first_at\":null,\"last_at\":null");
        undated.Merge(tally);
        Assert.Equal(("B", 5L, 59L, 62L), Of(undated));

        static (string?, long, long, long) Of(Tally tally)
        {
            ModelStratum stratum = tally.ByModel[""].Strata[0].Stratum;
            return (tally.UnknownLabel, tally.FirstData!.Value.Ordinal, stratum.FirstAt!.Value.Ticks, stratum.LastAt!.Value.Ticks);
        }
    }

    /// <summary>What a record has is added up when somebody asks, and what was counted beside it is not lost then.</summary>
    [Fact]
    public void What_was_read_and_what_was_counted_are_one_sum()
    {
        Tally tally = Read(Record);
        tally.EpisodeOf("s"u8, "e"u8).Add(new Digest128(0, 1), 1, 1);
        tally.EpisodeOf("s"u8, "new"u8).Add(new Digest128(0, 2), 2, 2);
        tally.Model("v1"u8).Stratum("s"u8, -5).AddCorrections(9, 1);
        tally.Model("v1"u8).Stratum("s"u8, -5).AddCorrections(10, 6);
        tally.Merge(Read(Record));

        Assert.Equal(
            [("e", 45L, 47L, 48L), ("f", 44, 46, 48), ("new", 2, 2, 0)],
            tally.People.Select(static one => (one.Episode, one.Labels.Made, one.Labels.All, one.Labels.OverruledRows)));
        Assert.Equal(
            [(7, 8), (9, 11), (10, 6)],
            tally.ByModel["v1"].Strata[0].Stratum.CorrectionsByEpisode.Select(static entry => ((int)entry.Key, (int)entry.Value)));

        // The tally that was merged is as it was, and asking twice adds nothing.
        Assert.Equal(3, tally.People.Count());
        Assert.Equal(45, tally.People.First().Labels.Made);
    }

    [Fact]
    public void Each_episode_is_given_once_with_all_of_its_counts()
    {
        Tally tally = Read(Record);
        Assert.Equal(["s\0e 22", "s\0f 22"], Given(tally));
        tally.Merge(Read(Record));
        Assert.Equal(["s\0e 44", "s\0f 44"], Given(tally));
        tally.EpisodeOf("s"u8, "e"u8).Add(default, 1, 1);
        Assert.Equal(["s\0e 45", "s\0f 44"], Given(tally));

        static List<string> Given(Tally tally)
        {
            var given = new List<string>();
            tally.PackedPeople.ForEach((name, labels) => given.Add($"{Encoding.UTF8.GetString(name)} {EpisodeLabels.MadeOf(labels)}"));
            given.Sort(StringComparer.Ordinal);
            return given;
        }
    }

    /// <summary>A decision looks at parts on all threads.</summary>
    [Fact]
    public void Several_that_ask_at_once_get_the_same()
    {
        for (int round = 0; round < 50; round++)
        {
            Tally tally = Read(Record);
            var seen = new (long Made, double Squared)[8];
            Parallel.For(0, seen.Length, i => seen[i] = (tally.People.Sum(static one => one.Labels.Made), tally.ByModel["v1"].Strata[0].Stratum.SquaredCorrections));
            Assert.All(seen, static one => Assert.Equal((44L, 41.0), one));
        }
    }

    [Fact]
    public void An_escaped_name_is_the_name()
    {
        Tally tally = Read(Record.Replace("\"episode\":\"f\"", "\"episode\":\"f\\u0022 \\u00fc\"", StringComparison.Ordinal));
        Assert.Equal(["e", "f\" \u00fc"], tally.People.Select(static one => one.Episode));
    }

    [Theory]
    [InlineData("\"tasks\":1,\"annot", "\"annot")]
    [InlineData("\"keypoints\":6,", "")]
    [InlineData("\"keypoints\":6", "\"sketches\":6")]
    [InlineData("\"kept\":24", "\"lost\":24")]
    [InlineData("\"cancelled\":26", "\"unknown\":26")]
    [InlineData("\"kept\":24,", "")]
    [InlineData("\"task_subdir\":{\"mapped\":36,\"from_path\":37,\"missing\":38},", "")]
    [InlineData("\"episode\":{\"mapped\"", "\"place\":{\"mapped\"")]
    [InlineData("\"second_task\":22,", "")]
    [InlineData("\"second_task\":22", "\"third_task\":22")]
    [InlineData("\"ordinal\":65,", "")]
    [InlineData("\"ordinal\":65", "\"number\":65")]
    [InlineData(",\"keys\":\"image, frame\"", "")]
    [InlineData("{\"strata\":[{\"task_subdir\":\"s\",\"annotator\":null", "{\"layers\":[{\"task_subdir\":\"s\",\"annotator\":null")]
    [InlineData("\"annotations\":57,", "")]
    [InlineData("\"annotations\":57", "\"notes\":57")]
    [InlineData("\"first_at\":63", "\"first_at\":-1")]
    [InlineData("\"first_at\":63", "\"first_at\":3155378976000000000")]
    [InlineData("[0,105000]", "[-1]")]
    [InlineData("[0,105000]", "[521723]")]
    [InlineData("\"labels_by_people\":[{\"task_subdir\":\"s\",\"episode\":\"e\",", "\"labels_by_people\":[{\"episode\":\"e\",\"task_subdir\":\"s\",")]
    [InlineData("\"labels_by_people\":[{\"task_subdir\":\"s\",\"episode\"", "\"labels_by_people\":[{\"task_subdir\":\"s\",\"chapter\"")]
    [InlineData("\"corrections_by_episode\":\"\"", "\"corrections_by_episode\":\"AAAA\"")]
    [InlineData("\"f\",\"labels\":", "\"f\",\"names\":")]
    [InlineData("\"f\",\"labels\":", "\"f\",\"labels\":\"AAAA\",\"more\":")]
    public void What_was_not_written_so_is_no_tally(string written, string instead)
    {
        string damaged = Record.Replace(written, instead, StringComparison.Ordinal);
        Assert.NotEqual(Record, damaged);
        Assert.Throws<FormatException>(() => Read(damaged));
    }

    [Theory]
    [InlineData("3155378975999999999", true)]
    [InlineData("3155378976000000000", false)]
    [InlineData("0", true)]
    public void Dates_are_those_of_the_calendar(string ticks, bool known)
    {
        string record = Record.Replace("\"first_at\":63,\"last_at\":64", $"\"first_at\":0,\"last_at\":{ticks}", StringComparison.Ordinal);
        Assert.Equal(known, Xunit.Record.Exception(() => Read(record)) is null);
        Assert.Equal(521722, DateTime.MaxValue.Ticks / TimeSpan.TicksPerDay / 7);
    }

    [Theory]
    [InlineData(21, 0, 22, 23, 24, true)]
    [InlineData(-1, -1, 0, 0, 0, true)]
    [InlineData(0, 0, -1, 0, 0, false)]
    [InlineData(0, 0, 0, -1, 0, false)]
    [InlineData(0, 0, 0, 0, -1, false)]
    public void Labels_of_an_episode_are_forty_bytes_whose_counts_are_not_negative(long low, long high, long made, long all, long overruled, bool known)
    {
        byte[] packed = Convert.FromBase64String(Packed(low, high, made, all, overruled));
        var labels = new EpisodeLabels();
        Assert.Equal(known, labels.TryAdd(packed));
        Assert.Equal(known ? packed : new byte[40], labels.Pack());
        Assert.False(labels.TryAdd(packed.AsSpan(1)));
        Assert.False(labels.TryAdd([.. packed, 0]));
    }

    [GeneratedRegex(@"(?<=:)-?\d+")]
    private static partial Regex Number();

    private static string Packed(params long[] numbers)
    {
        byte[] bytes = new byte[numbers.Length * sizeof(long)];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), numbers[i]);
        }

        return Convert.ToBase64String(bytes);
    }

    private static Tally Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        return TallyReader.Read(ref reader);
    }

    private static string Written(Tally tally) => tally.ToJson().ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
