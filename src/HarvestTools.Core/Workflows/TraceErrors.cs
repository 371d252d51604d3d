namespace HarvestTools.Workflows;

/// <summary>The errors of tracing what reached a slice, a model or an episode; each factory's name is the error's id.</summary>
internal static class TraceErrors
{
    public static HarvestException ModelUnknown(string model) => new(
        nameof(ModelUnknown),
        HarvestFault.NotFound,
        $"No slice has a model called '{model}', nor one at that path or with that file's hash.",
        $"See the registered models with {new RemedyAction.ShowHistory()}, or register it with {new RemedyAction.RegisterModel()}.",
        model);
}
