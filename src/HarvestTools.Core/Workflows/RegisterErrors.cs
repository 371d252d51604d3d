namespace HarvestTools.Workflows;

/// <summary>The errors of registering a model; each factory's name is the error's id.</summary>
internal static class RegisterErrors
{
    public static HarvestException ModelNameMissing(string version) => new(
        nameof(ModelNameMissing),
        HarvestFault.Usage,
        $"A model of slice {version} needs a name.",
        $"Name it: {new RemedyAction.RegisterModel(version)}.",
        version);

    public static HarvestException ModelNotFound(string path) => new(
        nameof(ModelNotFound),
        HarvestFault.NotFound,
        $"The model file '{path}' does not exist.",
        "Correct the path (it is taken relative to the repository), or give an address such as s3://bucket/model.pt.",
        path);

    /// <summary>The name has other facts on the slice, which nobody asked to replace.</summary>
    public static HarvestException ModelRegistered(RemedyAction.ReplaceModel replacement, IReadOnlyList<string> differences) => new(
        nameof(ModelRegistered),
        HarvestFault.Usage,
        $"Slice {replacement.Version} has a model '{replacement.Name}' already, and it is another one: {string.Join("; ", differences)}.",
        $"Register this one under a name of its own, or replace the one that is registered with {replacement}.",
        replacement.Name);

    /// <summary>The file is that of a model of another slice.</summary>
    /// <param name="replacement">Registers it all the same.</param>
    /// <param name="version">The other slice.</param>
    /// <param name="name">The name that the file has there.</param>
    /// <param name="sha256">The file's.</param>
    public static HarvestException ModelOfAnotherSlice(RemedyAction.ReplaceModel replacement, string version, string name, string sha256) => new(
        nameof(ModelOfAnotherSlice),
        HarvestFault.Usage,
        $"The file '{replacement.Path}' (SHA-256 {Strings.Figures.ShortHash(sha256)}) is registered as model '{name}' of slice {version}: which slice it was trained on would have two answers.",
        $"Register the file that was trained on {replacement.Version}; if this one was, say so with {replacement}.",
        replacement.Name);

    public static HarvestException MetricNotFinite(string version, string metric) => new(
        nameof(MetricNotFinite),
        HarvestFault.Usage,
        $"The metric '{metric}' for slice {version} is not a finite number.",
        "Give a number, for example 0.91.",
        metric);
}
