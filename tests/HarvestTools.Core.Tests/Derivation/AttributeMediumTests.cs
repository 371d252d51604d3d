using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>Which region's attributes and labels an item is, where one tag shows several images and ids occur on each.</summary>
public class AttributeMediumTests
{
    private const string TwoImages = """{"image":["/d/ep/1.jpg","/d/ep/2.jpg"]}""";

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void An_item_without_an_index_is_on_the_first_where_its_region_is_there(int? first)
    {
        var task = new TaskBuilder(data: TwoImages);
        task.By(1)
            .Box("r", "cup", 10, 10, 5, 5, more: On(first)).Box("r", "cup", 10, 10, 5, 5, more: On(1))
            .Item(RegionKind.Attribute, "choices", "r", """{"choices":["sharp"]}""", "quality");

        Derived derived = task.Derive();

        Assert.Equal([(0, """{"quality":["sharp"]}"""), (1, "")], derived.Boxes.Select(static row => (row.Key.ItemIndex!.Value, row.Attributes.ToString())));
        Assert.Equal(1, derived.Tally.Attributes);
    }

    /// <summary>Without a control the type is the key, which a control can have as its name.</summary>
    [Fact]
    public void A_key_occurs_once_and_keys_are_in_order()
    {
        var task = new TaskBuilder();
        task.By(1)
            .Box("r", "cup", 10, 10, 5, 5)
            .Item(RegionKind.Attribute, "number", "r", """{"number":1}""", change: static item => item.FromName = default)
            .Item(RegionKind.Attribute, "choices", "r", """{"choices":["q"]}""", "choices")
            .Item(RegionKind.Attribute, "choices", "r", """{"choices":["p"]}""", change: static item => item.FromName = default)
            .Item(RegionKind.Attribute, "choices", "r", """{"choices":["z"]}""", "zoom");

        Assert.Equal("""{"choices":[["p"],["q"]],"number":1,"zoom":["z"]}""", Assert.Single(task.Derive().Boxes).Attributes.ToString());
    }

    [Fact]
    public void Labels_without_an_index_are_those_of_the_first_alone()
    {
        var task = new TaskBuilder(data: TwoImages);
        task.By(1)
            .Box("r", "cup", 10, 10, 5, 5).Box("r", "cup", 60, 10, 5, 5, more: On(1))
            .Item(RegionKind.Labels, "labels", "r", "{}", "state", static item => item.Labels.Add(Utf8Text.From("full")));

        Assert.Equal(
            ["0 cup", "0 full", "1 cup"],
            task.Derive().Boxes.Select(static row => $"{row.Key.ItemIndex} {row.Key.Label}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_item_without_an_index_goes_with_its_region_wherever_that_alone_is()
    {
        var task = new TaskBuilder(data: TwoImages);
        task.By(1)
            .Box("other", "cup", 10, 10, 5, 5).Box("r", "cup", 10, 10, 5, 5, more: On(1))
            .Item(RegionKind.Attribute, "choices", "r", """{"choices":["sharp"]}""", "quality");

        Assert.Equal([(0, ""), (1, """{"quality":["sharp"]}""")], task.Derive().Boxes.Select(static row => (row.Key.ItemIndex!.Value, row.Attributes.ToString())));
    }

    /// <summary>Of the items of one region one may write the first of a list as 0 and another leave it out.</summary>
    [Fact]
    public void The_order_of_items_of_one_region_does_not_decide_its_index()
    {
        static int? IndexOf(params int?[] items)
        {
            var task = new TaskBuilder();
            AnnotationBuilder annotation = task.By(1);
            Array.ForEach(items, item => annotation.Box("r", "cup", 10, 10, 5, 5, more: On(item)));
            return Assert.Single(task.Derive().Boxes).Key.ItemIndex;
        }

        Assert.Equal(IndexOf(null, 0), IndexOf(0, null));
    }

    private static Action<Region> On(int? index) => region => region.ItemIndex = index;
}
