using System.Globalization;
using HarvestTools.Derivation.Tallies;
using HarvestTools.LabelStudio.Tasks;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Derivation;

/// <summary>What a model needed is in the labeler's annotation, and a reviewer who revises it changes neither the count nor whose it is.</summary>
public sealed class RevisionTests
{
    private static readonly DateTime s_labelled = new(2026, 5, 4, 8, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("revised", true)]
    [InlineData("revised as ground truth", true)]
    [InlineData("revised and emptied", true)]
    [InlineData("revised by the labeler", true)]
    [InlineData("revised twice", true)]
    [InlineData("revised, and the labeler's comes last in the file", true)]
    [InlineData("of another annotation that the task does not have", false)]
    [InlineData("of a later annotation", false)]
    [InlineData("of a skipped one", false)]
    [InlineData("no parent", false)]
    public void A_revision_counts_nothing_more(string kind, bool revision)
    {
        string alone = Counts(Task(null));
        Assert.Equal("v7 by 1: 2 annotations 0, accepted 1, corrected 1, drawn 0, deleted 1", alone);
        string counts = Counts(Task(kind));
        Assert.Equal(revision, counts == alone);

        // What is no revision is an annotation of its own, and a skipped one still none.
        Assert.Equal(!revision, counts.Contains("v7 by 9: ", StringComparison.Ordinal));
        Assert.Equal(kind == "of a later annotation", counts.Contains("v7 by 3: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_revision_is_work_of_its_day_and_its_labels_are_labels_by_people()
    {
        Tally tally = Task("revised twice").Derive().Tally;
        ModelStratum stratum = Assert.Single(tally.ByModel["v7"].Strata).Stratum;
        Assert.Equal((s_labelled, s_labelled.AddDays(30)), (stratum.FirstAt!.Value, stratum.LastAt!.Value));
        Assert.Equal(3, tally.Weeks.All.Count);

        // The box that the reviewer drew beside the two.
        Assert.Equal(Task(null).Derive().Tally.People.Single().Labels.All + 1, tally.People.Single().Labels.All);
    }

    /// <summary>Rows depend on the labels alone, which the label hash covers; it is blind to which annotation began from which.</summary>
    [Fact]
    public void A_revision_changes_no_row() => Assert.Equal(Task("no parent").Derive().Print(), Task("revised").Derive().Print());

    private static string Counts(TaskBuilder task) => string.Join("; ", task.Derive().Tally.ByModel.SelectMany(static model => model.Value.Strata.Select(entry => string.Create(
        CultureInfo.InvariantCulture,
        $"{model.Key} by {entry.AnnotatorId}: {entry.Stratum.CorrectionsByEpisode.Sum(static episode => episode.Value)} annotations {entry.Stratum.Annotations - 1}, accepted {entry.Stratum.Sources.Accepted}, corrected {entry.Stratum.Sources.Corrected}, drawn {entry.Stratum.Sources.Drawn}, deleted {entry.Stratum.Sources.Deleted}"))));

    private static TaskBuilder Task(string? kind)
    {
        var task = new TaskBuilder();
        bool last = kind?.EndsWith("last in the file", StringComparison.Ordinal) == true;
        if (!last)
        {
            Label(task.By(1, 20));
        }

        if (kind is not null)
        {
            AnnotationBuilder reviewer = task.By(kind == "revised by the labeler" ? 1 : 9, 30);
            if (kind != "revised and emptied")
            {
                Label(reviewer).Box("mine", "hand", 8, 8, 5, 5);
            }

            reviewer.Annotation.GroundTruth = kind == "revised as ground truth";
            reviewer.Extras.CreatedAt = s_labelled.AddDays(10);
            reviewer.Extras.ParentAnnotation = kind switch
            {
                "no parent" => null,
                "of another annotation that the task does not have" => 19,
                "of a later annotation" => 40,
                "of a skipped one" => 10,
                _ => 20,
            };
            if (kind == "of a later annotation")
            {
                Label(task.By(3, 40));
            }
            else if (kind == "of a skipped one")
            {
                Label(task.By(3, 10)).Cancelled();
            }
            else if (kind == "revised twice")
            {
                AnnotationBuilder again = Label(task.By(8, 31)).Box("mine", "hand", 8, 8, 5, 5);
                again.Extras.CreatedAt = s_labelled.AddDays(30);
                again.Extras.ParentAnnotation = 30;
            }
        }

        if (last)
        {
            Label(task.By(1, 20));
        }

        return task;
    }

    /// <summary>Of three predicted boxes one is accepted, one changed and one deleted.</summary>
    private static AnnotationBuilder Label(AnnotationBuilder annotation)
    {
        annotation
            .Box("p1", "hand", 1, 1, 5, 5, more: static region => region.Origin = Utf8Text.From("prediction"))
            .Box("p2", "hand", 2, 2, 5, 5, more: static region => region.Origin = Utf8Text.From("prediction-changed"));
        annotation.Extras.CreatedAt = s_labelled;
        var prediction = new Prediction { HasResult = true, ModelVersion = Utf8Text.From("v7") };
        prediction.RegionIds.AddRange(new[] { "p1", "p2", "p3" }.Select(Utf8Text.From));
        annotation.Extras.PredictionCopy = prediction;
        return annotation;
    }
}
