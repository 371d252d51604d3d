using HarvestTools.Drift;
using HarvestTools.Manifests;
using HarvestTools.Programs;
using HarvestTools.Rules;

namespace HarvestTools.Tests.Drift;

/// <summary>The words of findings about a team's own program, and what each asks for.</summary>
public sealed class ProgramFindingTests
{
    private static readonly SliceManifest s_slice = new() { Version = "v3", Exports = [], HarvestVersion = "harvest@v1.0.0", HarvestSha256 = Hash('d') };
    private static readonly VersionBump s_bump = new("harvest", "v1.0.0", "v1.1.0", BumpSize.Minor, "harvest@v1.1.0: code.");
    private static readonly ProgramChange s_change = new(ProgramChangeArea.Code, "harvest.py", "code harvest.py", "aaaa", "bbbb");
    private static readonly HarvestException s_fault = new("Odd", HarvestFault.InvalidData, "It is odd.", $"Look at it, then {new RemedyAction.ListExports()}.");

    [Fact]
    public void A_program_that_is_another_asks_for_a_version_of_its_own()
    {
        Says(
            DriftFindings.ProgramRedefined(s_slice, s_change, s_bump),
            """
            Error HarvestRedefined of Code: harvest.py (aaaa → bbbb)
            code harvest.py is another (aaaa → bbbb) than when slice v3 was made under harvest@v1.0.0: one version would name two programs.
            Set harvest.version to "v1.1.0" in harvest.json; slices made under v1.0.0 keep their archived program.
            """);

        Says(
            DriftFindings.ProgramRedefined(s_slice, s_change, s_bump with { Trust = new RemedyAction.TrustProgram { Definition = "harvest" } }, "regions@v1.0.0", [s_bump with { Place = "definitions.regions", To = "v2.0.0" }]),
            """
            Error HarvestRedefined of Code: harvest.py (aaaa → bbbb)
            code harvest.py is another (aaaa → bbbb) than when slice v3 was made under regions@v1.0.0: one version would name two programs.
            Set definitions.regions.version to "v2.0.0" in harvest.json; Set harvest.version to "v1.1.0" in harvest.json; slices made under v1.0.0 keep their archived program. After TrustProgram(Definition=harvest) a full check says whether rows change.
            """);

        Says(
            DriftFindings.ProgramUntrusted(s_slice, Hash('a')),
            """
            Warning ProgramUntrusted of Environment: harvest@v1.0.0 (aaaa → none)
            Slice v3 was not derived again: the program of harvest@v1.0.0 (aaaaaaaaaaaa) was not trusted on this machine, and nothing was started.
            Read its files, then TrustProgram(Version=v3).
            """);

        Says(
            DriftFindings.ProgramFails("harvest@v1.0.0", s_fault),
            """
            Error DerivationChanged of Environment: harvest@v1.0.0 (none → none)
            It is odd.
            Look at it, then ListExports().
            """);

        Says(
            DriftFindings.ProgramFileDamaged("harvest@v1.0.0", s_fault),
            """
            Error HarvestRedefined of Store: harvest@v1.0.0 (none → none)
            An archived file of the program of harvest@v1.0.0 is damaged, and it was not run: It is odd.
            Look at it, then ListExports().
            """);

        Says(
            DriftFindings.OfStep(HarvestDefinition.Default with { Name = "regions" }, DriftFindings.ProgramFails("harvest@v1.0.0", s_fault)),
            """
            Error DerivationChanged of Environment: regions@v1.0.0 harvest@v1.0.0 (none → none)
            Step regions@v1.0.0: It is odd.
            Look at it, then ListExports().
            """);
    }

    [Fact]
    public void What_a_program_writes_otherwise_is_named()
    {
        Says(
            DriftFindings.ProgramTableMissing(s_slice, "a.csv", Hash('a')),
            """
            Error DerivationChanged of Environment: a.csv (aaaa → none)
            The same program no longer writes 'a.csv', which slice v3 recorded.
            Look for what the definition does not cover: the interpreter, a library beside the lock file, the time, an order that is not fixed. Put it under "environment" or "inputs", and NewSlice(Parent=v3) makes the successor.
            """);

        Says(
            DriftFindings.ProgramTableNew(s_slice, "a.csv", Hash('b')),
            """
            Error DerivationChanged of Environment: a.csv (none → bbbb)
            The same program now writes 'a.csv' too, which slice v3 did not record.
            Look for what the definition does not cover: the interpreter, a library beside the lock file, the time, an order that is not fixed. Put it under "environment" or "inputs", and NewSlice(Parent=v3) makes the successor.
            """);

        Says(
            Differs(5, "rows", rowsDiffer: true),
            """
            Error DerivationChanged of Environment: a.csv (aaaa → bbbb)
            The same program, environment and parameters wrote 'a.csv' with other rows (bbbbbbbbbbbb) than slice v3 recorded (aaaaaaaaaaaa): 5 rows in the place of 4.
            Look for what the definition does not cover: the interpreter, a library beside the lock file, the time, an order that is not fixed. Put it under "environment" or "inputs", and NewSlice(Parent=v3) makes the successor.
            """);

        Says(
            Differs(4, "rows", rowsDiffer: true),
            """
            Error DerivationChanged of Environment: a.csv (aaaa → bbbb)
            The same program, environment and parameters wrote 'a.csv' with other rows (bbbbbbbbbbbb) than slice v3 recorded (aaaaaaaaaaaa).
            Look for what the definition does not cover: the interpreter, a library beside the lock file, the time, an order that is not fixed. Put it under "environment" or "inputs", and NewSlice(Parent=v3) makes the successor.
            """);

        Says(
            Differs(null, "bytes", rowsDiffer: true),
            """
            Error DerivationChanged of Environment: a.csv (aaaa → bbbb)
            The same program, environment and parameters wrote 'a.csv' with other bytes (bbbbbbbbbbbb) than slice v3 recorded (aaaaaaaaaaaa).
            Look for what the definition does not cover: the interpreter, a library beside the lock file, the time, an order that is not fixed. Put it under "environment" or "inputs", and NewSlice(Parent=v3) makes the successor.
            """);

        Says(
            Differs(4, "rows", rowsDiffer: false),
            """
            Error EncodingChanged of Environment: a.csv (aaaa → bbbb)
            The same program, environment and parameters wrote 'a.csv' with other bytes of the same rows (bbbbbbbbbbbb) than slice v3 recorded (aaaaaaaaaaaa).
            Its writer is not stable: set "identity" to "rows" in the definition, and NewSlice(Parent=v3) makes the successor.
            """);

        Says(
            Differs(5, "rows", rowsDiffer: false),
            """
            Error EncodingChanged of Environment: a.csv (aaaa → bbbb)
            The same program, environment and parameters wrote 'a.csv' with other bytes of the same rows (bbbbbbbbbbbb) than slice v3 recorded (aaaaaaaaaaaa).
            Its writer is not stable: set "identity" to "rows" in the definition, and NewSlice(Parent=v3) makes the successor.
            """);

        Says(
            DriftFindings.ProgramCacheDamaged(s_slice, "a.csv", "rows", Hash('a'), Hash('b')),
            """
            Error CacheDamaged of Store: a.csv (aaaa → bbbb)
            The cached 'a.csv' of slice v3 has other rows (bbbbbbbbbbbb) than it recorded (aaaaaaaaaaaa).
            BuildSlice(Version=v3) writes it again.
            """);
    }

    [Fact]
    public void A_program_that_gives_two_things_is_advised_by_what_it_depends_on()
    {
        Says(
            Twice(random: true),
            """
            Error NotDeterministic of Code: harvest@v1.0.0 a.csv (4 → 5)
            The program of harvest@v1.0.0, of slice v3, wrote two things in two runs: a.csv, row 3, column n: 4 and 5. The same conditions gave two things already, so it is none of those that were changed: the time of day, random numbers, or another input. 3 runs.
            Seed random numbers, take no present time, and name every file that it reads under "inputs".
            """);

        Says(
            Twice(random: false),
            """
            Error NotDeterministic of Code: harvest@v1.0.0 a.csv (4 → 5)
            The program of harvest@v1.0.0, of slice v3, wrote two things in two runs: a.csv, row 3, column n: 4 and 5. None of the changed conditions does it alone; several together do. 3 runs.
            Look for what it takes from the time zone, the locale, orders and threads.
            """);

        Says(
            Twice(random: false, RunCondition.TimeZone, RunCondition.Locale),
            """
            Error NotDeterministic of Code: harvest@v1.0.0 a.csv (4 → 5)
            The program of harvest@v1.0.0, of slice v3, wrote two things in two runs: a.csv, row 3, column n: 4 and 5. It depends on the time zone and on the locale, found by changing one at a time. 3 runs.
            Read and write times in UTC. Sort and format without the locale.
            """);

        Says(
            Twice(random: false, RunCondition.HashSeed, RunCondition.DirectoryOrder, RunCondition.FolderName, RunCondition.Threads, RunCondition.FileTimes),
            """
            Error NotDeterministic of Code: harvest@v1.0.0 a.csv (4 → 5)
            The program of harvest@v1.0.0, of slice v3, wrote two things in two runs: a.csv, row 3, column n: 4 and 5. It depends on the hash seed and on the order of directory entries and on the name of the folder that it runs in and on the number of threads and on the times of its files, found by changing one at a time. 3 runs.
            Sort what comes out of sets and dictionaries. Sort the names of files. Write no path of the run, and order nothing by one. Combine what threads give in a fixed order, or fix their number in "variables". Take no time from a file.
            """);
    }

    private static void Says(DriftFinding finding, string expected) => Assert.Equal(expected.ReplaceLineEndings("\n"), FindingText.Of(finding));

    [Fact]
    public void Who_looks_into_a_change_is_said_by_what_changed()
    {
        Assert.Equal(DriftCause.Code, CauseOf(ProgramChangeArea.Code));
        Assert.Equal(DriftCause.Environment, CauseOf(ProgramChangeArea.Environment));
        Assert.Equal(DriftCause.Data, CauseOf(ProgramChangeArea.Inputs));
        Assert.Equal(DriftCause.Rules, CauseOf(ProgramChangeArea.Rules));

        static string CauseOf(ProgramChangeArea area) => DriftFindings.ProgramRedefined(s_slice, s_change with { Area = area }, s_bump).Cause;
    }

    private static string Hash(char digit) => new(digit, 64);

    private static DriftFinding Differs(long? rows, string what, bool rowsDiffer) => DriftFindings.ProgramTableDiffers(
        s_slice, new ProgramOutput { Table = "a", Path = "a.csv", Rows = 4 }, rows, what, Hash('a'), Hash('b'), rowsDiffer);

    private static DriftFinding Twice(bool random, params RunCondition[] causes) => DriftFindings.NotDeterministic(
        s_slice, new TwiceResult("harvest@v1.0.0", 3, [], new TableDifference("a.csv", 3, "n", "4", "5")) { Random = random }, causes);
}
