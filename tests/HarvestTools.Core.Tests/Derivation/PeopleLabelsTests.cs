using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>What people labelled, so that the same labels are the same and others are others.</summary>
public sealed class PeopleLabelsTests
{
    private const string Key = "\"task_subdir\":\"t\",\"episode\":\"e\",\"frame\":7";

    [Fact]
    public void A_label_counts_once_and_as_made_where_anybody_made_it()
    {
        var task = new TaskBuilder();
        task.By(1).Box("a", "cup", 1, 1, 5, 5, more: From("prediction")).Box("b", "cup", 9, 9, 5, 5, more: From("prediction-changed"));
        Assert.Equal((1, 2), Counts(task));

        Assert.Equal(default(Digest128), Digest(static by => by.Box("a", "cup", 1, 1, 5, 5, more: From("prediction"))));
        EpisodeLabels before = Labels(task);
        task.By(2).Box("c", "cup", 1, 1, 5, 5, more: From("prediction")).Box("d", "cup", 9, 9, 5, 5);
        Assert.Equal((1, 2), Counts(task));
        Assert.Equal(before.Digest, Labels(task).Digest);

        task.By(3).Box("e", "cup", 1, 1, 5, 5);
        Assert.Equal((2, 2), Counts(task));
        Assert.NotEqual(before.Digest, Labels(task).Digest);
    }

    [Fact]
    public void What_tells_one_label_from_another_is_its_place_its_label_its_tags_and_its_value()
    {
        Digest128 cup = Digest(static by => by.Box("a", "cup", 1, 1, 5, 5));
        Assert.Equal(cup, Digest(static by => by.Box("b", "cup", 1, 1, 5, 5)));
        Digest128[] others =
        [
            Digest(static by => by.Box("a", "cup", 1, 2, 5, 5)),
            Digest(static by => by.Box("a", "mug", 1, 1, 5, 5)),
            Digest(static by => by.Box("a", "cup", 1, 1, 5, 5, more: static region => region.ToName = Utf8Text.From("other"))),
            Digest(static by => by.Box("a", "cup", 1, 1, 5, 5, more: static region => region.FromName = Utf8Text.From("other"))),
            Digest(static by => by.Box("a", "cup", 1, 1, 5, 5, more: static region => region.ItemIndex = 1)),
            Digest(static by => by.Keypoint("a", "cup", 1, 1)),
            Digest(static by => by.Item(RegionKind.Attribute, "choices", "a", "[\"x\"]")),
            Digest(static by => by.Item(RegionKind.Attribute, "choices", "a", "[\"y\"]")),
        ];
        Assert.DoesNotContain(cup, others);
        Assert.Equal(others.Length, others.Distinct().Count());

        // Names that take turns are each its own, and what joins two regions is no label.
        Digest128 left = Digest(static by => by.Box("a", "cup", 1, 1, 5, 5, more: Control("left")));
        Digest128 right = Digest(static by => by.Box("a", "cup", 1, 1, 5, 5, more: Control("right")));
        Assert.Equal(
            left + right + Digest(static by => by.Box("a", "mug", 1, 1, 5, 5, more: Control("left"))),
            Digest(static by => by.Box("a", "cup", 1, 1, 5, 5, more: Control("left")).Box("b", "cup", 1, 1, 5, 5, more: Control("right")).Box("c", "mug", 1, 1, 5, 5, more: Control("left"))));
        Assert.Equal(cup, Digest(static by => by.Region(RegionKind.Relation, "relation", null, null).Box("a", "cup", 1, 1, 5, 5)));
    }

    /// <summary>A snapshot and an export of the same labels differ in white space and escapes.</summary>
    [Theory]
    [InlineData("""{"choices":["a/b","c"]}""", """{"choices": ["a\/b", "c"]}""")]
    [InlineData("""{"text":["\u662f"]}""", """{"text":["是"]}""")]
    [InlineData("""{"number":1.0}""", """{ "number" : 1 }""")]
    [InlineData("""{"rating":4,"more":1e2}""", """{"more":100,"rating":4}""")]
    [InlineData("[\"x\"]", "[ \"x\" ]")]
    public void What_is_said_is_the_same_however_it_is_spelled(string one, string other)
    {
        Assert.Equal(Digest(by => by.Item(RegionKind.Attribute, "choices", "a", one)), Digest(by => by.Item(RegionKind.Attribute, "choices", "a", other)));
        Assert.NotEqual(
            Digest(by => by.Item(RegionKind.Attribute, "choices", "a", one)),
            Digest(by => by.Item(RegionKind.Attribute, "choices", "a", other.Replace('1', '2').Replace('c', 'd').Replace('x', 'y').Replace("是", "否", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("a/x.jpg", true)]
    [InlineData("x.jpg", true)]
    [InlineData(@"C:\\b\\x.jpg", true)]
    [InlineData("b/cfaad94d-x.jpg", true)]
    [InlineData("https://h/b/x.jpg?token=1", true)]
    [InlineData("https://h/b/x.jpg#top", true)]
    [InlineData("https://h/b/x.jpg&y=1", true)]
    [InlineData("https://h/b?key=c%2Fx.jpg&y=1", true)]
    [InlineData("https://h/b?key=c%2fx.jpg", true)]
    [InlineData("https://h/b?key=c%2Fd%2fx.jpg", true)]
    [InlineData("https://h/b?key=c%2fd%2Fcfaad94d-x.jpg", true)]
    [InlineData("%2Fx.jpg", true)]
    [InlineData("y.jpg", false)]
    [InlineData("x.jpg/", false)]
    [InlineData("CFAAD94D-x.jpg", false)]
    [InlineData("cfaad94dx.jpg", false)]
    [InlineData("cfaad94d_x.jpg", false)]
    [InlineData("b/?x.jpg", false)]
    public void A_medium_is_the_same_whatever_folder_it_is_in(string link, bool same) => Assert.Equal(
        same, Digest(static by => by.Box("a", "cup", 1, 1, 5, 5), "x.jpg") == Digest(static by => by.Box("a", "cup", 1, 1, 5, 5), link));

    [Fact]
    public void Names_that_are_nothing_but_a_prefix_or_a_query_are_names()
    {
        string[] links = ["cfaad94d-", "cfaad94d", "?x.jpg", "?y.jpg", "&", "a%2Fb"];
        Assert.Equal(links.Length, links.Select(static link => Digest(static by => by.Box("a", "cup", 1, 1, 5, 5), link)).Distinct().Count());
    }

    [Fact]
    public void Of_two_pictures_of_one_name_each_has_its_labels()
    {
        var task = new TaskBuilder(data: $$"""{{{Key}},"pages":["a/x.jpg","b/x.jpg"]}""");
        task.By(1)
            .Box("a", "cup", 1, 1, 5, 5, more: static region => (region.ToName, region.ItemIndex) = (Utf8Text.From("pages"), 0))
            .Box("b", "cup", 1, 1, 5, 5, more: static region => (region.ToName, region.ItemIndex) = (Utf8Text.From("pages"), 1));
        Assert.Equal((2, 2), Counts(task));
    }

    [Fact]
    public void Labels_are_of_the_episode_of_their_medium_and_deleted_ones_of_the_tasks()
    {
        var task = new TaskBuilder(data: """{"task_subdir":"t","pages":["t/e1/1.jpg","t/e2/2.jpg"]}""");
        AnnotationBuilder by = task.By(1)
            .Box("a", "cup", 1, 1, 5, 5, more: static region => (region.ToName, region.ItemIndex) = (Utf8Text.From("pages"), 1))
            .Box("b", "cup", 1, 1, 5, 5, more: static region => (region.ToName, region.ItemIndex) = (Utf8Text.From("pages"), 0))
            .Box("c", "cup", 2, 1, 5, 5, more: static region => (region.ToName, region.ItemIndex) = (Utf8Text.From("pages"), 1));
        by.Extras.PredictionCopy = new Prediction { HasResult = true };
        by.Extras.PredictionCopy.RegionIds.Add(Utf8Text.From("gone"));
        Assert.Equal(
            [("e1", 2, 1), ("e2", 2, 2)],
            task.Derive().Tally.People.Select(static one => (one.Episode, one.Labels.Made, one.Labels.All)).Order());
    }

    [Fact]
    public void Deleted_predictions_are_labels_that_people_made_each_once()
    {
        var task = new TaskBuilder();
        foreach (long annotator in (long[])[1, 2])
        {
            Emptied(task.By(annotator), withoutId: 2, "p");
        }

        Assert.Equal((3, 0), Counts(task));
        var other = new TaskBuilder();
        Emptied(other.By(1), withoutId: 1, "p", "q");
        Assert.Equal((3, 0), Counts(other));
        Assert.NotEqual(Labels(task).Digest, Labels(other).Digest);
        var fewer = new TaskBuilder();
        Emptied(fewer.By(1), withoutId: 0, "p");
        Assert.Equal((1, 0), Counts(fewer));
    }

    [Fact]
    public void A_task_has_nothing_of_the_one_before()
    {
        const string One = """{"id":1,"data":{"task_subdir":"t","episode":"e","frame":7,"image":"x.jpg"},"annotations":[{"id":1,"result":[ITEM]}]}""";
        const string Item = """{"id":"a","type":"keypointlabels","from_name":"c","to_name":"image","value":{"x":1,"y":1,"width":1,"keypointlabels":["cup"]}}""";
        string one = One.Replace("ITEM", Item, StringComparison.Ordinal);
        string two = one.Replace("\"id\":1", "\"id\":2", StringComparison.Ordinal).Replace("x.jpg", "y.jpg", StringComparison.Ordinal);
        string again = one.Replace("\"id\":1", "\"id\":3", StringComparison.Ordinal);

        Digest128 x = Whole(one).Digest;
        Digest128 y = Whole(two).Digest;
        Assert.Equal((x + y + x, 3L), (Whole($"{one},{two},{again}").Digest, Whole($"{one},{two},{again}").All));
        Assert.Equal((x + x, 2L), (Whole($"{one},{again}").Digest, Whole($"{one},{again}").All));

        static EpisodeLabels Whole(string tasks) => Assert.Single(ExportRows.Derive(System.Text.Encoding.UTF8.GetBytes($"[{tasks}]")).People).Labels;
    }

    private static void Emptied(AnnotationBuilder by, int withoutId, params string[] ids)
    {
        by.Extras.PredictionCopy = new Prediction { HasResult = true, RegionsWithoutId = withoutId };
        by.Extras.PredictionCopy.RegionIds.AddRange(ids.Select(Utf8Text.From));
    }

    private static Action<Region> From(string origin) => region => region.Origin = Utf8Text.From(origin);

    private static Action<Region> Control(string name) => region => region.FromName = Utf8Text.From(name);

    private static Digest128 Digest(Action<AnnotationBuilder> label, string link = "x.jpg")
    {
        var task = new TaskBuilder(data: $$"""{{{Key}},"image":"{{link}}"}""");
        label(task.By(1));
        return Labels(task).Digest;
    }

    private static (long Made, long All) Counts(TaskBuilder task) => (Labels(task).Made, Labels(task).All);

    private static EpisodeLabels Labels(TaskBuilder task) => Assert.Single(task.Derive().Tally.People).Labels;
}
