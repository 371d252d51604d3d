using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of tracing what reached a slice, a model or an episode; each factory's name is the error's id.</summary>
internal static class TraceErrors
{
    public static HarvestException EpisodeUnknown(string episode) => new(
        nameof(EpisodeUnknown),
        HarvestFault.NotFound,
        $"No slice has rows of an episode '{episode}'.",
        $"Check the name, which is an episode or task_subdir/episode as in the tables' columns; {new RemedyAction.ListSlices()} lists the slices.",
        episode);

    /// <param name="episode">The episode.</param>
    /// <param name="slices">The slices that have an export that is not on this machine.</param>
    /// <param name="archive">Where the archive is, or would be.</param>
    public static HarvestException EpisodeNotTraceable(string episode, IReadOnlyList<string> slices, string archive) => new(
        nameof(EpisodeNotTraceable),
        HarvestFault.NotFound,
        $"Whether {Figures.List(slices, "or")} has rows of the episode '{episode}' is not known here: {(slices.Count == 1 ? "it has" : "they have")} exports that are neither in the archive ({archive}) nor at their recorded paths.",
        $"Copy {archive} from a machine that has it, or put the exports at their recorded paths; {new RemedyAction.CheckSlice(slices[0])} names what is not here.",
        episode);

    public static HarvestException ModelUnknown(string model) => new(
        nameof(ModelUnknown),
        HarvestFault.NotFound,
        $"No slice has a model called '{model}', nor one at that path or with that file's hash.",
        $"See the registered models with {new RemedyAction.ShowHistory()}, or register it with {new RemedyAction.RegisterModel()}.",
        model);
}
