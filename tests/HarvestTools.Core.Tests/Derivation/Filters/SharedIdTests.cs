using HarvestTools.Derivation.Filters;
using HarvestTools.LabelStudio.Tasks;

namespace HarvestTools.Tests.Derivation;

/// <summary>Items that share an id belong together within one annotation, and nothing of an annotation is left for the next.</summary>
public sealed class SharedIdTests
{
    [Fact]
    public void What_one_annotation_labelled_labels_nothing_of_the_next()
    {
        var task = new TaskBuilder();
        Annotation labelled = task.By(1).Box("a", "cup", 1, 1, 5, 5).Box("a", "cup", 9, 9, 5, 5).Annotation;
        Annotation both = task.By(2).Box("a", "cup", 9, 9, 5, 5).Region(RegionKind.Rectangle, "rectangle", "a", null, Bare).Annotation;
        Annotation alone = task.By(3).Region(RegionKind.Rectangle, "rectangle", "a", null, Bare).Annotation;
        Annotation own = task.By(4).Box("a", "cup", 1, 1, 5, 5).Region(RegionKind.Rectangle, "rectangle", "a", null, Bare).Annotation;
        var items = new RepeatedItems();
        items.Begin(labelled);
        Assert.True(items.IsLabelledElsewhere(alone.Regions[0]));
        items.Begin(both);
        Assert.Equal((true, false), (items.Any, items.IsLabelledElsewhere(both.Regions[1])));
        items.Begin(own);
        Assert.True(items.IsLabelledElsewhere(own.Regions[1]));
        items.Begin(alone);
        Assert.Equal((false, false), (items.Any, items.IsLabelledElsewhere(alone.Regions[0])));

        // On another image of the tag it is another shape.
        own.Regions[1].ItemIndex = 1;
        items.Begin(own);
        Assert.False(items.IsLabelledElsewhere(own.Regions[1]));
        own.Regions[1].ItemIndex = 0;
        items.Begin(own);
        Assert.True(items.IsLabelledElsewhere(own.Regions[1]));
    }

    [Fact]
    public void Repeats_of_two_annotators_are_merged_each_with_their_own()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "cup", 1, 1, 5, 5).Box("a", "cup", 1, 1, 5, 5);
        task.By(2).Box("a", "cup", 1, 1, 5, 5).Box("a", "cup", 1, 1, 5, 5);
        Assert.Equal(2, Assert.Single(task.Derive().Boxes).Key.Annotators);
    }

    [Fact]
    public void A_choice_belongs_to_what_its_own_annotation_drew()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "cup", 1, 1, 5, 5).Item(RegionKind.Attribute, "choices", "a", "[\"x\"]");
        task.By(2).Item(RegionKind.Attribute, "choices", "a", "[\"y\"]");
        Derived derived = task.Derive();
        Assert.Equal("{\"control\":[\"x\"]}", Assert.Single(derived.Boxes).Attributes.ToString());
        Assert.Equal("2", Assert.Single(derived.Choices).Key.AnnotatorIds.ToString());
    }

    [Fact]
    public void What_has_no_id_belongs_to_nothing()
    {
        var task = new TaskBuilder();
        task.By(1).Box(null, "cup", 1, 1, 5, 5).Item(RegionKind.Attribute, "choices", null, "[\"x\"]");
        Derived derived = task.Derive();
        Assert.True(Assert.Single(derived.Boxes).Attributes.IsAbsent);
        Assert.Single(derived.Choices);
    }

    private static void Bare(Region region) => (region.X, region.Y, region.Width, region.Height, region.Rotation) = (1, 1, 5, 5, 0);
}
