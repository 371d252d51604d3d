using System.Text;
using HarvestTools.Cache;
using HarvestTools.Decisions.States;
using HarvestTools.Derivation.Tallies;
using HarvestTools.Strings;

namespace HarvestTools.Tests.Decisions;

/// <summary>What several exports hold of an episode, put together.</summary>
public sealed class EpisodeSnapshotsTests
{
    [Fact]
    public void Labels_of_one_episode_in_several_exports_are_added()
    {
        Part images = Made(people: [("cup", "1", 5, 2, 7)], rows: [("keypoints", "cup", "1", 7)]);
        Part videos = Made(people: [("cup", "1", 11, 0, 4)]);

        EpisodeSnapshot episode = Assert.Single(EpisodeSnapshots.Of([images, videos]));

        Assert.Equal(("cup", "1", true, 11L, true), (episode.TaskSubdir, episode.Episode, episode.HasCorrection, episode.Labels, episode.HasRows));
        Assert.Equal(EpisodeSnapshot.DigestOf(new Digest128(0, 16)), episode.Digest);
    }

    /// <summary>A second project with the same labels, to the last one, is no second episode and no twice as large one.</summary>
    [Theory]
    [InlineData("cup", "1", 5, 7, 7)]
    [InlineData("cup", "1", 5, 8, 15)]
    [InlineData("cup", "1", 6, 7, 14)]
    public void What_another_project_has_once_more_counts_once(string taskSubdir, string name, int digest, long all, long labels)
    {
        EpisodeSnapshot episode = Assert.Single(EpisodeSnapshots.Of([Made(people: [("cup", "1", 5, 2, 7)]), Made(people: [(taskSubdir, name, digest, 2, all)])]));

        Assert.Equal(labels, episode.Labels);
    }

    [Fact]
    public void Equal_labels_of_two_episodes_are_of_each()
    {
        Part part = Made(people: [("cup", "1", 5, 2, 7), ("cup", "2", 5, 2, 7), ("mug", "1", 5, 2, 7)]);

        Assert.Equal([7, 7, 7], EpisodeSnapshots.Of([part]).Select(static episode => episode.Labels));
    }

    [Fact]
    public void Episodes_are_in_ordinal_order_of_task_folder_and_name()
    {
        Part first = Made(people: [("b", "2", 1, 1, 1), ("b", "10", 1, 1, 1), ("a", "9", 1, 1, 1)]);
        Part second = Made(people: [("B", "1", 1, 1, 1), ("a", "B", 1, 1, 1), ("a", "a", 1, 1, 1)]);
        string[] expected = ["B/1", "a/9", "a/B", "a/a", "b/10", "b/2"];

        Assert.Equal(expected, Names(first, second));
        Assert.Equal(expected, Names(second, first));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void An_episode_is_corrected_from_the_first_label_on_that_a_person_made(long made, bool corrected) =>
        Assert.Equal(corrected, Assert.Single(EpisodeSnapshots.Of([Made(people: [("cup", "1", 5, made, 7)])])).HasCorrection);

    /// <summary>What was dropped is no row to train on, so that an episode of which all was dropped is no part of a corpus.</summary>
    [Theory]
    [InlineData("keypoints", 1, true)]
    [InlineData("choices", 3, true)]
    [InlineData("keypoints", 0, false)]
    [InlineData("rejected", 3, false)]
    public void An_episode_has_rows_where_a_table_of_labels_has_one(string table, long rows, bool expected) =>
        Assert.Equal(expected, Assert.Single(EpisodeSnapshots.Of([Made(people: [("cup", "1", 5, 1, 7)], rows: [(table, "cup", "1", rows)])])).HasRows);

    [Fact]
    public void Rows_stay_known_whatever_other_tables_and_exports_have_none()
    {
        Part part = Made(people: [("cup", "1", 5, 1, 7)], rows: [("keypoints", "cup", "1", 2), ("boxes", "cup", "1", 0), ("rejected", "cup", "1", 4)]);

        EpisodeSnapshot episode = Assert.Single(EpisodeSnapshots.Of([part, Made(people: [("cup", "1", 9, 1, 1)])]));

        Assert.Equal((true, 8L), (episode.HasRows, episode.Labels));
    }

    [Fact]
    public void An_episode_with_rows_that_no_person_labelled_is_one_too()
    {
        EpisodeSnapshot episode = Assert.Single(EpisodeSnapshots.Of([Made(rows: [("boxes", "cup", "1", 2)])]));

        Assert.Equal(new EpisodeSnapshot("cup", "1", false, EpisodeSnapshot.DigestOf(new Digest128(0, 0))) { HasPrediction = false }, episode);
    }

    [Fact]
    public void A_prediction_is_known_where_a_named_model_saw_the_episode_in_any_export()
    {
        Part labels = Made(people: [("cup", "1", 5, 1, 7), ("cup", "2", 5, 1, 7), ("mug", "1", 5, 1, 7)]);
        Part model = Made(seen: [("v1", "cup", "1"), ("", "cup", "2")]);

        Assert.Equal(["cup/1"], Predicted(labels, model));
        Assert.Equal(["cup/1"], Predicted(model, labels));
        Assert.Equal(["cup/1", "cup/2"], Predicted(labels, model, Made(seen: [("v2", "cup", "2")])));
        Assert.Empty(Predicted(labels));
    }

    [Fact]
    public void A_digest_is_all_of_its_32_digits()
    {
        Assert.Equal("0000000000000000000000000000001f", EpisodeSnapshot.DigestOf(new Digest128(0, 31)));
        Assert.Equal("80000000000000000000000000000000", EpisodeSnapshot.DigestOf(new Digest128(1UL << 63, 0)));
        Assert.Equal(new EpisodeSnapshot("cup", "1", false, new string('0', 32)) { HasRows = false }, EpisodeSnapshot.Emptied("cup", "1"));
    }

    private static IEnumerable<string> Names(params Part[] parts) => EpisodeSnapshots.Of(parts).Select(static episode => $"{episode.TaskSubdir}/{episode.Episode}");

    private static IEnumerable<string> Predicted(params Part[] parts) =>
        EpisodeSnapshots.Of(parts).Where(static episode => episode.HasPrediction).Select(static episode => $"{episode.TaskSubdir}/{episode.Episode}");

    private static Part Made(
        (string TaskSubdir, string Episode, int Digest, long Made, long All)[]? people = null,
        (string Table, string TaskSubdir, string Episode, long Rows)[]? rows = null,
        (string Model, string TaskSubdir, string Episode)[]? seen = null)
    {
        var tally = new Tally();
        foreach ((string taskSubdir, string episode, int digest, long made, long all) in people ?? [])
        {
            tally.EpisodeOf(Utf8(taskSubdir), Utf8(episode)).Add(new Digest128(0, (ulong)digest), made, all);
        }

        foreach ((string model, string taskSubdir, string episode) in seen ?? [])
        {
            tally.Model(Utf8(model)).Stratum(Utf8(taskSubdir), 1).AddCorrections(Utf8Hash.Of(Utf8(episode), Utf8Hash.Of(Utf8(taskSubdir))), 0);
        }

        return new Part("key", new string('a', 64), [], tally, [.. (rows ?? []).Select(static row => new EpisodeFacts(row.Table, row.TaskSubdir, row.Episode, row.Rows, 0, "digest"))]);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
