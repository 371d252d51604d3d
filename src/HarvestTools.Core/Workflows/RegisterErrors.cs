using HarvestTools.Manifests;

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

    public static HarvestException ModelNameReserved(string version) => new(
        nameof(ModelNameReserved),
        HarvestFault.Usage,
        $"No model is called '{ProductionLog.Alias}' itself: the name means the one that is in production.",
        $"Register it under a name of its own, {new RemedyAction.RegisterModel(version)}, and put it into production with {new RemedyAction.PromoteModel()}.",
        ProductionLog.Alias);

    public static HarvestException ModelNotFound(string path) => new(
        nameof(ModelNotFound),
        HarvestFault.NotFound,
        $"The model file '{path}' does not exist.",
        "Correct the path (it is taken relative to the repository), or give an address such as s3://bucket/model.pt.",
        path);

    /// <summary>The name has other facts on the slice, which nobody asked to replace.</summary>
    /// <summary>The path is a folder's.</summary>
    public static HarvestException ModelIsFolder(string path) => new(
        nameof(ModelIsFolder),
        HarvestFault.Usage,
        $"'{path}' is a folder; a model is recorded by the SHA-256 of one file.",
        "Register the file of it that has the weights, or one archive of the whole folder.",
        path);

    /// <summary>An address that holds what signs somebody in: slice.json is in git, and everybody reads it.</summary>
    /// <param name="address">The address without it.</param>
    /// <param name="secret">Which part of it that is.</param>
    public static HarvestException AddressHoldsSecret(string address, string secret) => new(
        nameof(AddressHoldsSecret),
        HarvestFault.Usage,
        $"The address {address} was given with {secret} in it, and slice.json is read by everybody who has the repository.",
        $"Give the address without it: {address}. What signs in belongs into the environment or the settings of the program that fetches the file.",
        address);

    /// <summary>The end of a run is before its start.</summary>
    public static HarvestException RunEndsBeforeStart(string name, string start, string end) => new(
        nameof(RunEndsBeforeStart),
        HarvestFault.Usage,
        $"The training of '{name}' would end at {end}, before it began at {start}.",
        "Give the start and the end of the same run, with their time zones.",
        name);

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

    public static HarvestException ModelHashInvalid(string text) => new(
        nameof(ModelHashInvalid), HarvestFault.Usage,
        $"'{text}' is no SHA-256.",
        "Give the 64 hex digits that sha256sum prints for the artifact.", text);

    public static HarvestException ModelHashAlone() => new(
        nameof(ModelHashAlone), HarvestFault.Usage,
        "A hash was given without the artifact that it is of.",
        "Name the artifact's address too, such as s3://bucket/model.pt; of a file the hash is taken by itself.");

    public static HarvestException ModelHashDiffers(string path, string given, string actual) => new(
        nameof(ModelHashDiffers), HarvestFault.InvalidData,
        $"The file '{path}' has SHA-256 {Strings.Figures.ShortHash(actual)}, not {Strings.Figures.ShortHash(given)} as was given.",
        "Register the file that was meant, or leave the hash out.", path);

    public static HarvestException ParameterNotPlain(string name) => new(
        nameof(ParameterNotPlain), HarvestFault.Usage,
        $"The parameter '{name}' is no number, text or truth value.",
        "Give each value under a name of its own, such as optimizer.lr.", name);

    public static HarvestException CommitUnknown(string name) => new(
        nameof(CommitUnknown), HarvestFault.NotFound,
        $"git knows no commit '{name}' here, and it is no hash of one.",
        "Give the hash of the commit, or a branch or tag of this checkout.", name);

    public static HarvestException PinnedFileNotFound(string path) => new(
        nameof(PinnedFileNotFound), HarvestFault.NotFound,
        $"The file '{path}' does not exist.",
        "Correct the path; it is taken relative to the repository.", path);

    public static HarvestException PinnedFileOutside(string path) => new(
        nameof(PinnedFileOutside), HarvestFault.Usage,
        $"The file '{path}' is outside of the repository, so that nobody else finds it.",
        "Name a file of the repository, such as requirements.txt.", path);
}
