using HarvestTools.Decisions;
using HarvestTools.Decisions.States;

namespace HarvestTools.Tests.Decisions;

/// <summary>Which episodes are new, relabelled, renamed or gone, against a definition that compares each with each.</summary>
public sealed class EpisodeComparisonTests
{
    [Fact]
    public void States_of_all_kinds_are_compared_as_the_definition_says()
    {
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            EpisodeSnapshot[] trained = Any(random);
            EpisodeSnapshot[] candidate = Any(random);

            Assert.Equal(
                candidate.Where(episode => IsCorrected(trained, candidate, episode)).Select(episode => (Name(episode), !trained.Any(other => Name(other) == Name(episode)))),
                EpisodeComparison.Corrected(trained, candidate).Select(static found => (Name(found.Episode), found.IsNew)));
            Assert.Equal(
                trained.Where(episode => IsGone(trained, candidate, episode)).Select(Name),
                EpisodeComparison.Gone(trained, candidate).Select(Name));

            // What has no row is no part of a corpus, and nothing is known by it.
            EpisodeSnapshot[] latest = [.. candidate.Where(static episode => episode.HasRows)];
            Assert.Equal(
                [.. latest, .. trained.Where(episode => episode.HasRows && IsAnother(latest, trained, episode))],
                EpisodeComparison.Corpus([candidate, trained]));
        }
    }

    [Fact]
    public void An_episode_that_stayed_says_nothing_about_one_that_was_renamed_with_the_same_labels()
    {
        EpisodeSnapshot[] trained = [new("june", "1", true, "a"), new("cup", "1", true, "a")];

        Assert.Empty(EpisodeComparison.Corrected(trained, [new("cup", "1", true, "a"), new("july", "1", true, "a")]));
        Assert.Equal(["cup/1"], EpisodeComparison.Corrected(trained, [new("cup", "1", true, "b"), new("july", "1", true, "a")]).Select(static found => Name(found.Episode)));
    }

    [Fact]
    public void An_episode_is_gone_where_it_had_labels_and_neither_its_name_nor_its_labels_are_there()
    {
        EpisodeSnapshot[] trained =
        [
            new("cup", "kept", true, "a"),
            new("cup", "relabelled", true, "b"),
            new("cup", "renamed", true, "c"),
            new("cup", "corrected", true, "d"),
            new("cup", "accepted", false, "0") { Labels = 1 },
            new("cup", "empty", false, "0"),
        ];
        EpisodeSnapshot[] candidate = [new("cup", "kept", true, "a"), new("cup", "relabelled", true, "e"), new("mug", "1", true, "c")];

        Assert.Equal(["cup/corrected", "cup/accepted"], EpisodeComparison.Gone(trained, candidate).Select(Name));
    }

    /// <summary>Few names and fewer labels, so that episodes meet in each way.</summary>
    private static EpisodeSnapshot[] Any(Random random) =>
    [
        .. Enumerable.Range(0, 9).Where(_ => random.Next(2) == 0).Select(i => new EpisodeSnapshot(i % 2 == 0 ? "cup" : "mug", $"{i / 2}", random.Next(3) > 0, $"{random.Next(3)}")
        {
            Labels = random.Next(2),
            HasRows = random.Next(4) > 0,
        }),
    ];

    private static bool IsCorrected(EpisodeSnapshot[] trained, EpisodeSnapshot[] candidate, EpisodeSnapshot episode) =>
        trained.FirstOrDefault(other => Name(other) == Name(episode)) is { } before
            ? episode.Digest != before.Digest || episode.Labels < before.Labels
            : episode.HasCorrection && IsAnother(trained, candidate, episode);

    private static bool IsGone(EpisodeSnapshot[] trained, EpisodeSnapshot[] candidate, EpisodeSnapshot episode) =>
        (episode.HasCorrection || episode.Labels > 0) && IsAnother(candidate, trained, episode);

    /// <summary>Whether the first state has no episode of this name, and as many that the second lacks as the second has that it lacks do not have these labels.</summary>
    private static bool IsAnother(EpisodeSnapshot[] one, EpisodeSnapshot[] its, EpisodeSnapshot episode)
    {
        if (one.Any(other => Name(other) == Name(episode)))
        {
            return false;
        }

        int gone = one.Count(other => IsAlike(other) && !its.Any(found => Name(found) == Name(other)));
        int added = its.Count(other => IsAlike(other) && !one.Any(found => Name(found) == Name(other)));
        return !episode.HasCorrection || gone != added;

        bool IsAlike(EpisodeSnapshot other) => other.HasCorrection && other.Digest == episode.Digest && other.Labels == episode.Labels;
    }

    private static string Name(EpisodeSnapshot episode) => $"{episode.TaskSubdir}/{episode.Episode}";
}
