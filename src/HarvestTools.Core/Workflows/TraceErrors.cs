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

    public static HarvestException ModelUnknown(string model) => new(
        nameof(ModelUnknown),
        HarvestFault.NotFound,
        $"No slice has a model called '{model}', nor one at that path or with that file's hash.",
        $"See the registered models with {new RemedyAction.ShowHistory()}, or register it with {new RemedyAction.RegisterModel()}.",
        model);
}
