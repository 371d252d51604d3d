using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;
using HarvestTools.Tables;

namespace HarvestTools.Tests.Derivation;

/// <summary>Whose hand is whose, where a task has several media or people have different sizes of one.</summary>
public class ParentMediumTests
{
    [Fact]
    public void A_parent_is_the_one_on_the_medium_of_what_names_it()
    {
        // Scripts count regions anew on each page, so an id is on every page.
        var task = new TaskBuilder();
        task.By(1, id: 10)
            .Box("hand", "hand", 10, 10, 20, 20, more: On("front")).Keypoint("f", "tip", 15, 15, Of("hand", "front"))
            .Box("hand", "hand", 50, 50, 20, 20, more: On("side")).Keypoint("s", "tip", 55, 55, Of("hand", "side"));
        task.By(2, id: 20)
            .Box("other", "hand", 50, 50, 20, 20, more: On("side")).Keypoint("t", "tip", 55, 55, Of("other", "side"));

        Derived derived = task.Derive();

        Assert.Equal(["front f n=1", "side s n=2"], derived.Keypoints.Select(static row => $"{row.Key.ToName} {row.Key.RegionId} n={row.Key.Annotators}"));
        Assert.Empty(derived.Rejected);
    }

    [Fact]
    public void One_that_is_on_another_medium_alone_is_still_the_parent()
    {
        var task = new TaskBuilder();
        task.By(1, id: 10).Box("a", "hand", 10, 10, 20, 20, more: On("front")).Keypoint("f", "tip", 15, 15, Of("a", "side"));
        task.By(2, id: 20).Box("b", "hand", 10, 10, 20, 20, more: On("front")).Keypoint("t", "tip", 15, 15, Of("b", "side"));

        Assert.Equal(2, Assert.Single(task.Derive().Keypoints).Key.Annotators);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Labels_that_name_no_medium_keep_hands_apart(bool shapeFirst)
    {
        var task = new TaskBuilder();
        void Hand(AnnotationBuilder by, string id, string label, string tip)
        {
            void Shape() => by.Region(RegionKind.Rectangle, "rectangle", id, null, static r => (r.X, r.Y, r.Width, r.Height) = (10, 10, 20, 20));
            void Labels() => by.Item(RegionKind.Labels, "labels", id, "{}", "side", r =>
            {
                r.ToName = default;
                r.Labels.Add(Utf8Text.From(label));
            });
            Action[] items = shapeFirst ? [Shape, Labels] : [Labels, Shape];
            Array.ForEach(items, static item => item());
            by.Keypoint(tip, "tip", 15, 15, Of(id, "image"));
        }

        // At one place, but one says that it is the left hand and the other that it is the right one.
        Hand(task.By(1, id: 10), "a", "left", "l");
        Hand(task.By(2, id: 20), "b", "right", "r");

        Assert.Equal([1, 1], task.Derive().Keypoints.Select(static row => row.Key.Annotators));
    }

    /// <summary>A hand without a size borrows the smallest that anybody has of the medium, whoever comes first in the file.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Conflicting_sizes_match_the_same_parents_in_any_order(bool wideFirst)
    {
        void Sized(AnnotationBuilder by, int width, int height) => by.Keypoint($"z{width}", $"z{width}", 90, 90, r =>
        {
            r.OriginalWidth = width;
            r.OriginalHeight = height;
        });

        // At 500x1000 the hand on the right is the nearer one; at 1000x500 it would be the one below.
        var task = new TaskBuilder();
        AnnotationBuilder first = task.By(1, id: 10);
        Sized(first, wideFirst ? 1000 : 500, wideFirst ? 500 : 1000);
        Sized(first, wideFirst ? 500 : 1000, wideFirst ? 1000 : 500);
        first.Box("hand", "hand", 10, 10, 20, 20, more: Unsized).Keypoint("a", "tip", 15, 15, Of("hand", "image"));
        task.By(2, id: 20)
            .Box("right", "hand", 15, 10, 20, 20, more: Unsized).Keypoint("r", "tip", 15, 15, Of("right", "image"))
            .Box("below", "hand", 10, 14, 20, 20, more: Unsized).Keypoint("b", "tip", 15, 15, Of("below", "image"));

        KeypointRow[] tips = [.. task.Derive().Keypoints.Where(static row => row.Key.Label.Is("tip"u8))];

        Assert.Equal(["a n=2", "b n=1"], tips.Select(static row => $"{row.Key.RegionId} n={row.Key.Annotators}"));
    }

    private static Action<Region> On(string tag) => region => region.ToName = Utf8Text.From(tag);

    private static Action<Region> Of(string parent, string tag) => region =>
    {
        Unsized(region);
        region.ToName = Utf8Text.From(tag);
        region.ParentId = Utf8Text.From(parent);
    };

    private static void Unsized(Region region) => (region.OriginalWidth, region.OriginalHeight) = (null, null);
}
