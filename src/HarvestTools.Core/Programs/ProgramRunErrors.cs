using HarvestTools.Strings;

namespace HarvestTools.Programs;

/// <summary>The errors of running a team's own program; each factory's name is the error's id.</summary>
internal static class ProgramRunErrors
{
    private const string ByHand = "By hand: run the same with HARVEST_KEEP_RUN=1, which keeps the folder of the run and names it, and there in 'work' the command above.";

    public static HarvestException ProgramUntrusted(string harvestVersion, string sha256, RemedyAction.TrustProgram trust, string? notOwn = null) => new(
        nameof(ProgramUntrusted), HarvestFault.Usage,
        $"{harvestVersion} ({Figures.ShortHash(sha256)}) runs a program, and was not trusted on this machine: nothing was started."
            + (notOwn is null ? "" : $" The list of trusted programs, '{notOwn}', is not believed, since others can write it."),
        $"Read its files, then trust exactly this content with {trust}; a machine that runs whatever is checked out sets HARVEST_TRUST_PROGRAMS=1.", sha256);

    public static HarvestException ProgramNotFound(string program) => new(
        nameof(ProgramNotFound), HarvestFault.NotFound,
        $"The program '{program}' is in no folder of PATH.",
        "Install it, or put its folder on PATH by its full name; a file of the repository is named with a '/' and listed under \"code\".", program);

    public static HarvestException ProgramFileNotAvailable(string path, string sha256) => new(
        nameof(ProgramFileNotAvailable), HarvestFault.NotFound,
        $"The file '{path}' of the program ({Figures.ShortHash(sha256)}) is not in the archive and in no remote, as it was then.",
        $"Bring it with {new RemedyAction.PullSlices()}, or check out the commit that has it and make the slice again.", path);

    public static HarvestException ProgramFailed(string command, string how, string said) => new(
        nameof(ProgramFailed), HarvestFault.InvalidData,
        $"'{command}' {how}.{said}Nothing was recorded.",
        $"Correct the program. {ByHand}", command);

    public static HarvestException ProgramOverLimit(string command, string what, string setting, string said) => new(
        nameof(ProgramOverLimit), HarvestFault.InvalidData,
        $"'{command}' was ended: {what}.{said}Nothing was recorded.",
        $"Correct the program, or raise \"{setting}\" under \"limits\" of the definition. {ByHand}", command);

    public static HarvestException ProgramNotStarted(string command, string why) => new(
        nameof(ProgramNotStarted), HarvestFault.FileSystem,
        $"'{command}' cannot be started: {why}.",
        "Check that the file is a program of this machine and may be run.", command);

    public static HarvestException ProgramWroteNothing(string pattern, string command, string said) => new(
        nameof(ProgramWroteNothing), HarvestFault.InvalidData,
        $"'{command}' ended well and wrote no file that \"{pattern}\" of its tables matches.{said}Nothing was recorded.",
        $"Have it write into the folder {{out}}, or correct \"tables\". {ByHand}", pattern);

    public static HarvestException ProgramWroteLink(string path, string pattern, string command, string said) => new(
        nameof(ProgramWroteLink), HarvestFault.InvalidData,
        $"'{command}' ended well and wrote '{path}', which the pattern \"{pattern}\" of its tables comes by, as a link.{said}Nothing was recorded.",
        $"Have it write the file itself, or write a pattern that leaves the link out. {ByHand}", path);

    public static HarvestException OutputFolderGone(string command, string how, string said) => new(
        nameof(OutputFolderGone), HarvestFault.InvalidData,
        $"'{command}' ended well, and {how}.{said}Nothing was recorded.",
        "Have the program leave its folders where they are, and write into the folder {out} that it was given.", command);

    public static HarvestException OutputNameInvalid(string path, string why) => new(
        nameof(OutputNameInvalid), HarvestFault.InvalidData,
        $"The program wrote '{PlainText.OneLine(path)}', and a slice cannot record that name so that every system reads it: {why}. Nothing was recorded.",
        "Have the program write under names of letters, digits, '-', '_' and '.'; values such as labels and paths are better in a column.", path);

    public static HarvestException TableUnreadable(string file, string why) => new(
        nameof(TableUnreadable), HarvestFault.InvalidData,
        $"The rows of '{file}' cannot be read: {why}.",
        "Write CSV (.csv), JSON lines (.jsonl) or Parquet (.parquet) of plain columns, or have \"identity\" be \"bytes\".", file);

    public static HarvestException TrustNotWritable(string? folder, string why) => new(
        nameof(TrustNotWritable), HarvestFault.FileSystem,
        $"What is trusted on this machine cannot be kept in '{folder ?? "a folder of yours"}': {why}.",
        "Name a folder of your own, by its full path, in HARVEST_TRUST_FOLDER.", folder);

    public static HarvestException TrustNotOwn(string path) => new(
        nameof(TrustNotOwn), HarvestFault.FileSystem,
        $"The list of trusted programs, '{path}', can be written by others than you, or is no file of its own: nothing in it is believed.",
        "Read it; then take the others' right to write it away, or remove it and trust again what you want to run.", path);

    public static HarvestException TrustUnknown(string prefix) => new(
        nameof(TrustUnknown), HarvestFault.NotFound,
        $"No program whose hash begins with '{prefix}' is trusted on this machine.",
        $"List them with {new RemedyAction.ListTrusted()}.", prefix);

    public static HarvestException NoProgram(string harvestVersion) => new(
        nameof(NoProgram), HarvestFault.Usage,
        $"{harvestVersion} is a definition of rules: it runs no program, and there is nothing to trust.",
        "Write \"kind\": \"program\" and its command line into the definition, if a program of yours is to derive.", harvestVersion);

    public static HarvestException TwiceNotQuick() => new(
        nameof(TwiceNotQuick), HarvestFault.Usage,
        "A quick check runs no program, and so none twice.",
        "Leave out what makes the check quick.");

    /// <param name="harvestVersion">The definition.</param>
    /// <param name="version">The slice that has the other result; null for one that is being made.</param>
    /// <param name="file">The first table that differs.</param>
    /// <param name="what">What of it differs.</param>
    /// <param name="recorded">Its hash there; empty where it was not written.</param>
    /// <param name="now">Its hash now; empty where it is not written any more.</param>
    /// <param name="difference">The first place that differs; null where that is not known.</param>
    public static HarvestException ProgramNotStable(
        string harvestVersion, string? version, string file, string what, string recorded, string now, TableDifference? difference) => new(
        nameof(ProgramNotStable), HarvestFault.Drift,
        $"The program of {harvestVersion} is not stable: from the same exports under the same definition it "
            + (recorded.Length == 0 ? $"wrote '{file}', which {Of(version)} does not have."
                : now.Length == 0 ? $"did not write '{file}', which {Of(version)} has."
                : $"wrote '{file}' with other {what} ({Figures.ShortHash(now)}) than {Of(version)} has ({Figures.ShortHash(recorded)}).")
            + (difference is null ? "" : $" The first difference is {difference}.") + " Nothing was recorded, and what is cached is as it was.",
        version is null
            ? (Remedy)"Correct the program, or have \"identity\" be \"rows\" where only its writer is not stable; then write the next version of the definition."
            : $"{new RemedyAction.CheckSlice(version) { Twice = true }} runs it twice and finds what its tables depend on. Correct the program, or have \"identity\" be \"rows\" where only its writer is not stable; then write the next version of the definition.", file);

    private static string Of(string? version) => version is null ? "another run at the same time" : $"slice {version}";

    public static HarvestException ProgramOutputDiffers(string version, string file, string what, string recorded, string now) => new(
        nameof(ProgramOutputDiffers), HarvestFault.Drift,
        $"Slice {version}: the program wrote '{file}' with other {what} ({Figures.ShortHash(now)}) than the slice recorded ({Figures.ShortHash(recorded)}).",
        $"{new RemedyAction.CheckSlice(version)} says more. Where only the writer is not stable, make its successor with \"identity\": \"rows\".", file);
}
