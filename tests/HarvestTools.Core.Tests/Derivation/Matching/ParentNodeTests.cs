using HarvestTools.Derivation.Geometry;
using HarvestTools.Derivation.Matching;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>What a parent is, where several items of an annotation have its id.</summary>
public sealed class ParentNodeTests
{
    // In the order in which they decide; a region with one comes after one without it.
    private static readonly Action<Region>[] Fields =
    [
        static region => region.ToName = Utf8Text.From("z"),
        static region => region.ItemIndex = 9,
        static region => region.FromName = Utf8Text.From("z"),
        static region => region.X = 9,
        static region => region.Y = 9,
        static region => region.Width = 9,
        static region => region.Height = 9,
        static region => region.Rotation = 9,
        static region => region.ParentId = Utf8Text.From("z"),
    ];

    [Fact]
    public void Of_two_shapes_it_is_the_first_by_each_thing_before_the_next()
    {
        for (int i = 0; i < Fields.Length; i++)
        {
            AssertIs(Shape(), Shape(), Shape(Fields[i]));
            AssertIs(Shape(Fields[i]), Shape(Fields[i]), Shape(static region => region.Kind = RegionKind.Polygon));
            for (int j = i + 1; j < Fields.Length; j++)
            {
                AssertIs(Shape(Fields[j]), Shape(Fields[i]), Shape(Fields[j]));
            }
        }
    }

    [Fact]
    public void The_one_on_the_medium_of_what_names_it_comes_first()
    {
        static void Here(Region region) => (region.ToName, region.ItemIndex, region.X) = (Utf8Text.From("here"), 1, 50);
        AssertIs(Shape(Here), Shape(Here), Shape(), Shape(static region => (region.ToName, region.ItemIndex) = (Utf8Text.From("here"), 0)));
        AssertIs(Shape(Here), Shape(Here), Shape(Here, static region => region.X = 60), Shape());
    }

    [Theory]
    [InlineData("here", 1, true, true)]
    [InlineData("here", 0, false, false)]
    [InlineData("here", null, false, true)]
    [InlineData(null, 1, false, true)]
    [InlineData(null, null, false, true)]
    [InlineData(null, 0, false, false)]
    [InlineData("there", 1, false, false)]
    [InlineData("there", null, false, false)]
    public void An_item_that_leaves_out_its_place_may_be_on_any(string? tag, int? index, bool isThere, bool mayBe)
    {
        var key = new ParentKey(Utf8Text.From("r"), Utf8Text.From("here"), 1);
        var region = new Region { ToName = Utf8Text.From(tag), ItemIndex = index };
        Assert.Equal((isThere, mayBe), (key.IsMediumOf(region), key.MayBeMediumOf(region)));
        Assert.Equal(new ParentKey(Utf8Text.From("p"), Utf8Text.From(tag), index ?? 0), ParentKey.Of(new Region { ParentId = Utf8Text.From("p"), ToName = Utf8Text.From(tag), ItemIndex = index }));

        // The first of several may leave its index out.
        Assert.Equal(tag == "here" && index is null or 0, new ParentKey(default, Utf8Text.From("here"), 0).IsMediumOf(region));
    }

    [Fact]
    public void Keys_are_in_the_order_of_id_then_tag_then_index()
    {
        ParentKey[] keys = [Key("a", "b", 2), Key("a", "c", 1), Key("b", "a", 0), Key("b", "a", 1)];
        for (int i = 0; i < keys.Length; i++)
        {
            for (int j = 0; j < keys.Length; j++)
            {
                Assert.Equal(Math.Sign(i.CompareTo(j)), Math.Sign(keys[i].CompareTo(keys[j])));
                Assert.Equal(i < j, keys[i] < keys[j]);
                Assert.Equal(i > j, keys[i] > keys[j]);
                Assert.Equal(i <= j, keys[i] <= keys[j]);
                Assert.Equal(i >= j, keys[i] >= keys[j]);
            }
        }

        static ParentKey Key(string id, string tag, int index) => new(Utf8Text.From(id), Utf8Text.From(tag), index);
    }

    [Fact]
    public void Its_label_is_the_least_of_its_items_and_of_those_on_its_medium_where_it_is_there()
    {
        static void Here(Region region) => (region.ToName, region.ItemIndex) = (Utf8Text.From("here"), 1);
        Region Labelled(string label, params Action<Region>[] changes) => Shape([.. changes, region => region.Labels.Add(Utf8Text.From(label))]);
        Region Labels(string label, params Action<Region>[] changes) => Labelled(label, [.. changes, static region => region.Kind = RegionKind.Labels]);

        AssertIs(Labelled("a"), Labelled("b"), Labels("a"), Labels("c"));
        AssertIs(Labelled("b", Here), Labelled("c", Here), Labels("b", Here), Labelled("a"), Labels("a", static region => region.ItemIndex = 0));
        AssertIs(Labelled("a", Here), Labelled("b", Here), Labels("a", static region => (region.ToName, region.ItemIndex) = (default, null)));
        Assert.NotEqual(0, Node(Labelled("a")).CompareKey(Node(Labelled("b"))));
        Assert.Equal(0, Node(Labelled("a")).CompareKeyButLabels(Node(Labelled("b"))));

        // On another medium than what names it, the labels are those of where it is.
        static void There(Region region) => (region.ToName, region.ItemIndex) = (Utf8Text.From("there"), 0);
        AssertIs(Labelled("b"), Labelled("b"), Labels("a", Here), Labelled("a", There));

        // What has no shape has no label that could keep it apart from its like.
        Assert.Equal(0, Node(Labels("a")).CompareKey(Node(Labels("b"))));
        Assert.True(Node(Labels("a")).SharesLabel(Node(Labels("b"))));
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("a", "", false)]
    [InlineData("", "a", false)]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("ba", "bc", true)]
    [InlineData("ba", "dc", false)]
    public void One_label_of_several_is_enough(string labels, string others, bool shares)
    {
        ParentNode node = Node(Of(labels));
        Assert.Equal(shares, node.SharesLabel(Node(Of(others))));
        Assert.Equal(labels.Length > 1, node.HasSeveralLabels);

        static Region Of(string labels) => Shape(region => region.Labels.AddRange(labels.Select(static label => Utf8Text.From($"{label}"))));
    }

    [Fact]
    public void Its_extent_is_that_of_the_upright_rectangle_around_it()
    {
        Assert.Equal(40, Node(Shape(static region => (region.Width, region.Height) = (30, 40))).Extent(), 1e-9);
        Assert.Equal(50, Node(Shape(static region => (region.Width, region.Height) = (50, 40))).Extent(), 1e-9);
        Assert.Equal(70 / Math.Sqrt(2), Node(Shape(static region => (region.Width, region.Height, region.Rotation) = (30, 40, 45))).Extent(), 1e-9);
        Assert.Equal(0, Node(Shape(static region => region.Kind = RegionKind.Timeline)).Extent());
        Assert.Equal(0, Node(Shape(static region => region.Kind = RegionKind.Keypoint)).Extent());

        // On the size that the item has itself, else on the image's, which is 100 px wide here.
        Assert.Equal(300, Node(Shape(static region => (region.OriginalWidth, region.OriginalHeight, region.Width) = (1000, 100, 30))).Extent(), 1e-9);
        Region polygon = Shape(static region => region.Kind = RegionKind.Polygon);
        Assert.Null(Node(polygon).Box);
        polygon.Points.AddRange([10, 10, 30, 20, 20, 60]);
        Assert.Equal(50, Node(polygon).Extent(), 1e-9);
        Assert.Null(Node(Shape(static region => region.Width = null)).Box);
        Assert.Null(Node(Shape(static region => region.Height = null)).Box);
    }

    /// <summary>A node of all items, in every order, is the one that the wanted item gives alone.</summary>
    private static void AssertIs(Region wanted, params Region[] items)
    {
        ParentNode expected = Node(wanted);
        foreach (Region[] order in Orders(items))
        {
            ParentNode node = Node(order);
            Assert.Equal(0, node.CompareKey(expected));
            Assert.Equal(expected.ParentId, node.ParentId);
            Assert.Equal(expected.Box!.Value.Points[0], node.Box!.Value.Points[0]);
            Assert.Equal(expected.Box!.Value.Points[2], node.Box!.Value.Points[2]);
        }
    }

    private static IEnumerable<Region[]> Orders(Region[] items) => items.Length < 2
        ? [items]
        : items.SelectMany((first, i) => Orders([.. items[..i], .. items[(i + 1)..]]).Select(rest => (Region[])[first, .. rest]));

    private static ParentNode Node(params Region[] items)
    {
        var node = new ParentNode();
        node.Begin(0, 0, new ParentKey(Utf8Text.From("r"), Utf8Text.From("here"), 1), static _ => new ImageSize(100, 100));
        Array.ForEach(items, node.Take);
        node.FindLabels();
        return node;
    }

    private static Region Shape(params Action<Region>[] changes)
    {
        var region = new Region { Kind = RegionKind.Rectangle, ToName = Utf8Text.From("a"), FromName = Utf8Text.From("a"), ParentId = Utf8Text.From("a") };
        (region.X, region.Y, region.Width, region.Height, region.Rotation) = (1, 1, 1, 1, 0);
        Array.ForEach(changes, change => change(region));
        return region;
    }
}
