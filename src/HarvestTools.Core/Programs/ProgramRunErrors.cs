using HarvestTools.Strings;

namespace HarvestTools.Programs;

/// <summary>The errors of running a team's own program; each factory's name is the error's id.</summary>
internal static class ProgramRunErrors
{
    private const string ByHand = "By hand: run the same with HARVEST_KEEP_RUN=1, which keeps the folder of the run and names it, and there in 'work' the command above.";

    public static HarvestException ProgramUntrusted(string harvestVersion, string sha256, string? version) => new(
        nameof(ProgramUntrusted), HarvestFault.Usage,
        $"{harvestVersion} ({Figures.ShortHash(sha256)}) runs a program, and was not trusted on this machine: nothing was started.",
        $"Read its files, then trust exactly this content with {new RemedyAction.TrustProgram(version)}; a machine that runs whatever is checked out sets HARVEST_TRUST_PROGRAMS=1.", sha256);

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

    public static HarvestException TableUnreadable(string file, string why) => new(
        nameof(TableUnreadable), HarvestFault.InvalidData,
        $"The rows of '{file}' cannot be read: {why}.",
        "Write CSV (.csv), JSON lines (.jsonl) or Parquet (.parquet) of plain columns, or have \"identity\" be \"bytes\".", file);

    public static HarvestException TrustNotWritable(string? folder, string why) => new(
        nameof(TrustNotWritable), HarvestFault.FileSystem,
        $"What is trusted on this machine cannot be kept in '{folder ?? "a folder of yours"}': {why}.",
        "Name a folder of your own, by its full path, in HARVEST_TRUST_FOLDER.", folder);

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

    public static HarvestException ProgramOutputDiffers(string version, string file, string what, string recorded, string now) => new(
        nameof(ProgramOutputDiffers), HarvestFault.Drift,
        $"Slice {version}: the program wrote '{file}' with other {what} ({Figures.ShortHash(now)}) than the slice recorded ({Figures.ShortHash(recorded)}).",
        $"{new RemedyAction.CheckSlice(version)} says more. Where only the writer is not stable, make its successor with \"identity\": \"rows\".", file);
}
