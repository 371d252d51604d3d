using HarvestTools.Manifests;
using HarvestTools.Repositories;
using HarvestTools.Strings;

namespace HarvestTools.Workflows;

/// <summary>The errors of tracing what reached a slice, a model or an episode; each factory's name is the error's id.</summary>
internal static class TraceErrors
{
    /// <summary>How what is not on this machine is brought here: the same for all exports, so that it is said once.</summary>
    /// <param name="fault">What is not here.</param>
    /// <param name="export">The export that it is, or that it is of.</param>
    /// <param name="archive">Where the archive is, or would be.</param>
    public static Remedy Bring(HarvestException fault, SliceExport export, string archive) =>
        fault.ErrorId != nameof(DerivationErrors.ExportNotAvailable) ? fault.Remedy
        : export.Path is null ? (Remedy)$"Copy {archive} from a machine that has it, or archive the files again with {new RemedyAction.AddExport()}."
        : $"Copy {archive} from a machine that has it, or put the exports at their recorded paths.";

    public static HarvestException ModelUnknown(string model, IReadOnlyCollection<string> known) => new(
        nameof(ModelUnknown),
        HarvestFault.NotFound,
        $"No slice has a model called '{model}', nor one at that path, and there is no such file.{NearestName.Question(model, known)}",
        Registered(),
        model);

    /// <summary>What is in production is not among the models of the slices that are here.</summary>
    public static HarvestException ProductionNotHere(string name, string version) => new(
        nameof(ProductionNotHere),
        HarvestFault.NotFound,
        $"{ProductionLog.FileName} has the model '{name}' of slice {version} in production, and there is no such slice here, or it has no such model.",
        $"Take slice {version} back from git, or put another model into production with {new RemedyAction.PromoteModel()}.",
        ProductionLog.Alias);

    /// <summary>A file that exists, so its bytes answer and no name does.</summary>
    /// <param name="path">As the user wrote it.</param>
    /// <param name="sha256">Of its bytes.</param>
    /// <param name="name">A registered name that is the file's as well; null where there is none.</param>
    /// <param name="known">Names and paths of registered models.</param>
    public static HarvestException ModelFileUnknown(string path, string sha256, string? name, IReadOnlyCollection<string> known) => new(
        nameof(ModelFileUnknown),
        HarvestFault.NotFound,
        $"No slice has a model with the bytes of the file '{path}' (SHA-256 {Figures.ShortHash(sha256)})."
            + (name is null
                ? NearestName.Question(Path.GetFileName(path), known.Select(static one => one[(one.LastIndexOf('/') + 1)..]))
                : $" '{name}' is also a registered name, but the file of that name decides."),
        name is null
            ? Registered()
            : (Remedy)$"Run the command from a folder that has no file '{name}' to mean the registered model, or register the file with {new RemedyAction.RegisterModel()}.",
        path);

    /// <summary>The file at a recorded path was overwritten in place: the slice's answer would be about other weights.</summary>
    public static HarvestException ModelOverwritten(string path, string name, string version, string expected, string actual) => new(
        nameof(ModelOverwritten),
        HarvestFault.Damaged,
        $"The file at '{path}' is no longer the model '{name}' that slice {version} registered there: "
            + $"its SHA-256 was {Figures.ShortHash(expected)} and is {Figures.ShortHash(actual)} now.",
        $"Register the new file under a name of its own with {new RemedyAction.RegisterModel()}, or put the old one back; the name '{name}' still leads to slice {version}.",
        path);

    private static Remedy Registered() =>
        $"See the registered models with {new RemedyAction.ShowHistory()}, or register it with {new RemedyAction.RegisterModel()}.";
}
