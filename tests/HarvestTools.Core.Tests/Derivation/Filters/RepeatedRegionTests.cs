using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Derivation;

/// <summary>Items with one id and one shape are one region; which of them the row follows does not depend on their order.</summary>
public sealed class RepeatedRegionTests
{
    // In the order in which they decide; a region with one comes after one without it.
    private static readonly Action<Region>[] Fields =
    [
        static region => region.Origin = Utf8Text.From("z"),
        static region => region.ParentId = Utf8Text.From("z"),
        static region => region.OriginalWidth = 2000,
        static region => region.OriginalHeight = 2000,
        static region => region.ItemIndex = 0,
    ];

    [Fact]
    public void The_row_is_that_of_the_first_by_each_thing_before_the_next()
    {
        for (int i = 0; i < Fields.Length; i++)
        {
            string alone = Row(static _ => { });
            Assert.NotEqual(alone, Row(Fields[i]));
            Assert.Equal(alone, Row(static _ => { }, Fields[i]));
            Assert.Equal(alone, Row(Fields[i], static _ => { }));
            for (int j = i + 1; j < Fields.Length; j++)
            {
                Assert.Equal(Row(Fields[j]), Row(Fields[i], Fields[j]));
                Assert.Equal(Row(Fields[j]), Row(Fields[j], Fields[i]));
            }
        }
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, 0)]
    [InlineData(0, null)]
    public void A_bare_shape_is_labelled_by_all_items_that_repeat_it(int? bare, int? labelled)
    {
        var task = new TaskBuilder();
        AnnotationBuilder annotation = task.By(1);
        annotation.Region(RegionKind.Rectangle, "rectangle", "r", null, region => Shape(region, "b", bare));
        annotation.Region(RegionKind.Rectangle, "rectanglelabels", "r", "cup", region => Shape(region, "c", labelled));
        annotation.Region(RegionKind.Rectangle, "rectanglelabels", "r", "full", region => Shape(region, "d", labelled));
        annotation.Region(RegionKind.Rectangle, "rectanglelabels", "r", "cup", region => Shape(region, "c", labelled));

        // As many more as find no place without sharing one.
        for (int i = 0; i < 1500; i++)
        {
            annotation.Keypoint($"k{i}", "tip", 1, 1);
        }

        Derived derived = task.Derive();
        Assert.Equal(["c cup", "d full"], derived.Boxes.Select(static row => $"{row.Key.FromName} {row.Key.Label}").Order(StringComparer.Ordinal));
        Assert.Equal((1500, 0), (derived.Keypoints.Count, derived.Rejected.Count));

        static void Shape(Region region, string control, int? index)
        {
            (region.X, region.Y, region.Width, region.Height) = (1, 2, 3, 4);
            (region.FromName, region.ItemIndex) = (Utf8Text.From(control), index);
        }
    }

    [Fact]
    public void Regions_without_an_id_are_each_their_own()
    {
        var task = new TaskBuilder();
        task.By(1).Keypoint(null, "tip", 1, 1).Keypoint(null, "tip", 1, 1).Keypoint("r", "tip", 1, 1).Keypoint("r", "tip", 1, 1).Keypoint("r", "tip", 1, 2).Keypoint("r", "palm", 1, 1);
        Assert.Equal(5, task.Derive().Keypoints.Count);

        // A bare one without an id is nobody's.
        var bare = new TaskBuilder();
        bare.By(1).Keypoint(null, "tip", 1, 1).Keypoint(null, "", 1, 1).Keypoint("r", "tip", 2, 1).Keypoint("r", "", 2, 1);
        Derived derived = bare.Derive();
        Assert.Equal((2, 1), (derived.Keypoints.Count, derived.Rejected.Count));
    }

    [Fact]
    public void Of_segments_each_range_is_compared_alone()
    {
        var task = new TaskBuilder();
        task.By(1).Segment("s", "grasp", 1, 2, static region => region.Ranges.Add(new(5, 6))).Segment("s", "grasp", 1, 2).Segment("s", "grasp", 1, 3);
        Assert.Equal(["1-2", "1-3", "5-6"], task.Derive().Actions.Select(static row => $"{row.Start}-{row.End}").Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2 + 3 + 2, task.Derive().Actions.Count);
    }

    /// <summary>Attributes of many regions, none of which is where the search for it begins.</summary>
    [Fact]
    public void Each_region_has_its_own_attributes_however_many_there_are()
    {
        var random = new Random(3);
        int[] order = [.. Enumerable.Range(0, 60)];
        random.Shuffle(order);
        var task = new TaskBuilder();
        for (int person = 1; person <= 3; person++)
        {
            AnnotationBuilder annotation = task.By(person, id: 40 - person);
            foreach (int i in order)
            {
                // Every fourth without one; the labels of all differ, so that nobody's are compared.
                annotation.Box($"r{i}", $"l{person}-{i}", i, 1, 2, 2, more: static region => region.Labels.Add(Utf8Text.From(region.Labels[0] + "b")));
                if (i % 4 != 0)
                {
                    annotation.Item(RegionKind.Attribute, "number", $"r{i}", $$"""{"number":{{(person * 100) + i}}}""", "n");
                }
            }
        }

        Derived derived = task.Derive();
        Assert.Equal(360, derived.Boxes.Count);
        Assert.All(derived.Boxes, static row =>
        {
            int[] numbers = [.. row.Key.Label.ToString()[1..].TrimEnd('b').Split('-').Select(static text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture))];
            Assert.Equal(numbers[1] % 4 == 0 ? "" : $$"""{"n":{{(numbers[0] * 100) + numbers[1]}}}""", row.Attributes.ToString());
        });
        Assert.Equal(3 * 45, derived.Tally.Attributes);
    }

    [Fact]
    public void An_item_without_an_index_is_on_the_first_of_three_where_its_region_is_there()
    {
        static Action<Region> On(int? index) => region => region.ItemIndex = index;
        var task = new TaskBuilder(data: """{"image":["/d/ep/1.jpg","/d/ep/2.jpg","/d/ep/3.jpg"]}""");
        task.By(1)
            .Box("r", "cup", 10, 10, 5, 5, more: On(null)).Box("r", "cup", 10, 10, 5, 5, more: On(1)).Box("r", "cup", 10, 10, 5, 5, more: On(2))
            .Item(RegionKind.Attribute, "choices", "r", """{"choices":["sharp"]}""", "quality");
        task.By(2).Box("q", "mug", 10, 10, 5, 5, more: On(null)).Item(RegionKind.Attribute, "choices", "q", """{"choices":["dull"]}""", "quality");

        Assert.Equal(
            ["cup 0 {\"quality\":[\"sharp\"]}", "cup 1 ", "cup 2 ", "mug 0 {\"quality\":[\"dull\"]}"],
            task.Derive().Boxes.Select(static row => $"{row.Key.Label} {row.Key.ItemIndex} {row.Attributes}").Order(StringComparer.Ordinal));
    }

    private static string Row(params Action<Region>[] changes)
    {
        var task = new TaskBuilder();
        AnnotationBuilder annotation = task.By(1);
        Array.ForEach(changes, change => annotation.Keypoint("r", "tip", 1, 1, region =>
        {
            (region.Origin, region.ParentId) = (Utf8Text.From("a"), Utf8Text.From("a"));
            change(region);
        }));
        KeypointRow row = Assert.Single(task.Derive().Keypoints);
        return $"{row.Key.Origin} {row.ParentId} {row.Key.ImageWidth}x{row.Key.ImageHeight} {row.Key.ItemIndex}";
    }
}
