using HarvestTools.Strings;

namespace HarvestTools.Dvc;

/// <summary>The errors of reading DVC's files; each factory's name is the error's id.</summary>
internal static class DvcErrors
{
    public static HarvestException DvcFileNotFound(string path) => new(
        nameof(DvcFileNotFound), HarvestFault.NotFound,
        $"There is no '{path}'.",
        "Name the dvc.yaml, or the folder that has it.", path);

    public static HarvestException DvcFileOutside(string path) => new(
        nameof(DvcFileOutside), HarvestFault.Usage,
        $"'{path}' is outside of the repository, whose files alone a definition can name.",
        "Make the folder that has it the repository, or one above it.", path);

    public static HarvestException DvcFileInvalid(string file, string place, string why) => new(
        nameof(DvcFileInvalid), HarvestFault.InvalidData,
        $"'{file}', {place}: {why}.",
        "Correct the file; 'dvc dag' says what DVC itself makes of it.", file);

    public static HarvestException DvcStageUnknown(string file, string stage, IReadOnlyCollection<string> known) => new(
        nameof(DvcStageUnknown), HarvestFault.NotFound,
        $"'{file}' has no stage '{stage}'." + NearestName.Question(stage, known),
        known.Count == 0 ? "It has no stages at all." : $"Its stages are {Figures.List([.. known])}.", stage);

    public static HarvestException DvcStageUnnamed(string file, IReadOnlyCollection<string> known) => new(
        nameof(DvcStageUnnamed), HarvestFault.Usage,
        known.Count == 0 ? $"'{file}' has no stages." : $"'{file}' has {Figures.Count(known.Count, "stage")}: {Figures.List([.. known])}.",
        known.Count == 0 ? "Name a dvc.yaml that has one." : "Name the one that turns exports into tables.", file);

    public static HarvestException DvcStageNotImportable(string stage, string why, string remedy) => new(
        nameof(DvcStageNotImportable), HarvestFault.InvalidData,
        $"The stage '{stage}' cannot be a harvest definition: {why}.", remedy, stage);

    public static HarvestException DvcLockDiffers(string stage, IReadOnlyList<string> differences) => new(
        nameof(DvcLockDiffers), HarvestFault.InvalidData,
        $"The stage '{stage}' is not as dvc.lock has it: {Figures.List([.. differences])}. What it wrote then is of another content than its definition would have. Nothing was written.",
        "Check out the commit of that dvc.lock or run 'dvc repro', or import the definition without a slice.", stage);

    public static HarvestException DvcDataMissing(string path, string md5) => new(
        nameof(DvcDataMissing), HarvestFault.NotFound,
        $"'{path}' with the MD5 {md5} of dvc.lock is neither in DVC's cache nor in its place. Nothing was written.",
        "Bring it with 'dvc pull', or import the definition without a slice.", path);

    public static HarvestException DvcDataDamaged(string path, string md5, string actual) => new(
        nameof(DvcDataDamaged), HarvestFault.Damaged,
        $"'{path}' has the MD5 {md5} in dvc.lock, and what is there has {actual}. Nothing was written.",
        "Bring it again with 'dvc pull', or import the definition without a slice.", path);

    public static HarvestException DvcDefinitionExists(string present, string stage) => new(
        nameof(DvcDefinitionExists), HarvestFault.Usage,
        $"harvest.json has the definition {present}, in whose place that of the stage '{stage}' would be. Nothing was written.",
        "Have it replaced, if that is meant; slices that were made under it keep theirs.", present);
}
