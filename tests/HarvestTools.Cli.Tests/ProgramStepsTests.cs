using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>Several definitions in harvest.json, one of which reads the tables of another.</summary>
public sealed class ProgramStepsTests
{
    private const string Regions = """printf 'a\n1\n2\n' > "$1/regions.csv"; echo regions >> "$MARKS" """;
    private const string Windows = """sed 's/$/,w/' "$1/regions.csv" > "$2/windows.csv"; echo windows >> "$MARKS" """;

    [Fact]
    public void An_unchanged_step_is_not_run_again_and_a_changed_one_is_named()
    {
        using var scratch = Scratch();
        Dictionary<string, string> variables = Variables(scratch);
        HarvestProgram.Run(scratch.Path, variables, "new", "v1", "-q").Exits(0);
        Assert.Equal(["regions", "windows"], Marks(scratch));
        HarvestProgram.Run(scratch.Path, variables, "check", "--quick").Exits(0);

        // The later step alone changes, under a version of its own.
        scratch.Write("windows.sh", Windows.Replace(",w", ",x", StringComparison.Ordinal));
        Define(scratch, windows: "v1.1.0");
        HarvestProgram.Run(scratch.Path, variables, "new", "v2", "-q").Exits(0);
        Assert.Equal(["regions", "windows", "windows"], Marks(scratch));
        HarvestProgram.Run(scratch.Path, variables, "check", "-q").Exits(0);

        // The step alone is what it was a step of, and its tables are there.
        HarvestProgram.Run(scratch.Path, variables, "new", "v3", "--definition", "regions", "-q").Exits(0);
        JsonElement slice = HarvestProgram.Run(scratch.Path, variables, "show", "v2", "--json").Exits(0).Document().GetProperty("slice");
        Assert.Equal("v1", Assert.Single(slice.GetProperty("parents").EnumerateArray()).GetString());
        JsonElement step = Assert.Single(slice.GetProperty("steps").EnumerateArray());
        Assert.Equal("regions@v1.0.0", step.GetProperty("harvest_version").GetString());
        Assert.Equal("regions.csv", Assert.Single(step.GetProperty("outputs").EnumerateArray()).GetProperty("path").GetString());
        Assert.False(HarvestProgram.Run(scratch.Path, variables, "show", "v3", "--json").Exits(0).Document().GetProperty("slice").TryGetProperty("parents", out _));

        // The earlier one changes, and no version does.
        scratch.Write("regions.sh", Regions + "# another\n");
        JsonElement finding = Assert.Single(
            HarvestProgram.Run(scratch.Path, variables, "check", "v2", "--quick", "--json").Exits(1).Document().GetProperty("slices")[0].GetProperty("findings").EnumerateArray());
        Assert.Equal("regions.sh", finding.GetProperty("subject").GetString());
        Assert.Equal("Code", finding.GetProperty("cause").GetString());
        Assert.Contains("code regions.sh of step regions@v1.0.0", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("Set definitions.regions.version to \"v1.1.0\" in harvest.json; Set definitions.windows.version to \"v1.2.0\"", finding.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        HarvestResult refused = HarvestProgram.Run(scratch.Path, variables, "new", "v4", "--json").Exits(3);
        Assert.Equal(["HarvestRedefined"], refused.ErrorIds());

        // With the later one's version alone, the earlier one's would still name two contents.
        Define(scratch, windows: "v1.2.0");
        Assert.Equal(["HarvestRedefined"], HarvestProgram.Run(scratch.Path, variables, "new", "v4", "--json").Exits(3).ErrorIds());
        finding = Assert.Single(
            HarvestProgram.Run(scratch.Path, variables, "check", "v2", "--quick", "--json").Exits(1).Document().GetProperty("slices")[0].GetProperty("findings").EnumerateArray());
        Assert.Equal("regions.sh", finding.GetProperty("subject").GetString());
        Assert.Contains("definitions.regions.version", finding.GetProperty("remedy").GetString(), StringComparison.Ordinal);
        Define(scratch, windows: "v1.2.0", regions: "v1.1.0");
        HarvestProgram.Run(scratch.Path, variables, "new", "v4", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "check", "-q").Exits(0);
    }

    [Fact]
    public void A_step_that_gives_something_else_is_named_and_the_next_one_is_judged_by_itself()
    {
        using var scratch = Scratch();
        Dictionary<string, string> variables = Variables(scratch);
        string switched = scratch["switched"];
        scratch.Write("regions.sh", $"cat '{switched}' > \"$1/regions.csv\"\n");
        scratch.Write("switched", "a\n1\n");
        HarvestProgram.Run(scratch.Path, variables, "new", "v1", "-q").Exits(0);
        scratch.Write("switched", "a\n2\n");

        JsonElement finding = Assert.Single(
            HarvestProgram.Run(scratch.Path, variables, "check", "--json").Exits(1).Document().GetProperty("slices")[0].GetProperty("findings").EnumerateArray());
        Assert.Equal("regions@v1.0.0 regions.csv", finding.GetProperty("subject").GetString());

        // Where the cache is gone too, the slice cannot be made again, and nothing else takes its place.
        scratch.Remove(".harvest/cache");
        Assert.Equal(["ProgramOutputDiffers"], HarvestProgram.Run(scratch.Path, variables, "build", "v1", "--json").Exits(1).ErrorIds());
        scratch.Write("switched", "a\n1\n");
        HarvestProgram.Run(scratch.Path, variables, "build", "v1", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "check", "-q").Exits(0);
    }

    [Fact]
    public void Trust_covers_every_step_and_no_step_alone_covers_the_next()
    {
        using var scratch = Scratch();
        Dictionary<string, string> own = Variables(scratch);
        own["HARVEST_TRUST_PROGRAMS"] = "0";
        HarvestProgram.Run(scratch.Path, own, "trust", "--definition", "regions", "-q").Exits(0);
        Assert.Equal(["ProgramUntrusted"], HarvestProgram.Run(scratch.Path, own, "new", "v1", "--json").Exits(2).ErrorIds());
        Assert.Empty(Marks(scratch));

        JsonElement program = HarvestProgram.Run(scratch.Path, own, "trust", "--json").Exits(0).Document().GetProperty("program");
        Assert.Equal("regions@v1.0.0", Assert.Single(program.GetProperty("steps").EnumerateArray()).GetProperty("harvest_version").GetString());
        HarvestProgram.Run(scratch.Path, own, "new", "v1", "-q").Exits(0);
        scratch.Write("regions.sh", Regions + "# another\n");
        Define(scratch, windows: "v1.1.0", regions: "v1.1.0");
        Assert.Equal(["ProgramUntrusted"], HarvestProgram.Run(scratch.Path, own, "new", "v2", "--json").Exits(2).ErrorIds());
        Assert.Equal(2, Marks(scratch).Length);
    }

    [Fact]
    public void A_program_reads_the_tables_of_rules()
    {
        using var scratch = Scratch();
        Dictionary<string, string> variables = Variables(scratch);
        scratch.Write("harvest.json", """
            { "harvest": { "name": "rows", "version": "v1.0.0" },
              "definitions": { "list": { "version": "v1.0.0", "kind": "program", "after": "rows@v1", "run": ["sh", "list.sh", "{out}", "{tables}"], "code": ["list.sh"], "tables": ["*.csv"] } } }
            """);
        scratch.Write("list.sh", """out=$1; shift; { echo file; for t in "$@"; do [ -s "$t" ] && echo "$t"; done; } > "$out/list.csv" """);
        HarvestProgram.Run(scratch.Path, variables, "new", "v1", "-q").Exits(0);
        JsonElement slice = HarvestProgram.Run(scratch.Path, variables, "show", "v1", "--json").Exits(0).Document().GetProperty("slice");
        Assert.Equal("list@v1.0.0", slice.GetProperty("harvest_version").GetString());
        string cached = Assert.Single(Directory.GetFiles(scratch[".harvest/cache"], "list.csv", SearchOption.AllDirectories));
        Assert.Contains("../tables/keypoints/", File.ReadAllText(cached), StringComparison.Ordinal);
        HarvestProgram.Run(scratch.Path, variables, "check", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "new", "v2", "--definition", "rows", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "check", "-q").Exits(0);
    }

    [Fact]
    public void What_a_step_made_of_an_erased_export_goes_too()
    {
        using var scratch = Scratch();
        Dictionary<string, string> variables = Variables(scratch);
        HarvestProgram.Run(scratch.Path, variables, "new", "v1", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "erase", "--annotator", "7", "--plan", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "new", "v2", "--allow-shrink", "-q").Exits(0);
        Assert.Equal(2, Cached(scratch));
        HarvestProgram.Run(scratch.Path, variables, "erase", "--annotator", "7", "--remove", "--yes", "-q").Exits(0);
        Assert.Equal(1, Cached(scratch));

        static int Cached(ScratchFolder scratch) => Directory.GetFiles(scratch[".harvest/cache"], "regions.csv", SearchOption.AllDirectories).Length;
    }

    [Fact]
    public void What_a_run_may_use_holds_for_a_check_too()
    {
        using var scratch = Scratch();
        Dictionary<string, string> variables = Variables(scratch);
        scratch.Write("run.sh", $"printf 'a\\n1\\n' > \"$1/t.csv\"; [ -e '{scratch["loud"]}' ] && head -c 3000000 /dev/zero || true\n");
        string settings = """
            { "harvest": { "name": "own", "version": "v1.0.0", "kind": "program", "run": ["sh", "run.sh", "{out}"], "code": ["run.sh"], "tables": ["*.csv"], "limits": { "printed_mb": 1 } } }
            """;
        scratch.Write("harvest.json", settings);
        HarvestProgram.Run(scratch.Path, variables, "new", "v1", "-q").Exits(0);
        scratch.Write("loud", "");
        Assert.Contains("printed more than", HarvestProgram.Run(scratch.Path, variables, "check").Exits(1).Out, StringComparison.Ordinal);
        scratch.Write("harvest.json", settings.Replace("\"own\"", "\"other\"", StringComparison.Ordinal));
        Assert.Contains("printed more than", HarvestProgram.Run(scratch.Path, variables, "check").Exits(1).Out, StringComparison.Ordinal);

        // Raised, it is the same definition.
        scratch.Write("harvest.json", settings.Replace("\"printed_mb\": 1", "\"printed_mb\": 10", StringComparison.Ordinal));
        HarvestProgram.Run(scratch.Path, variables, "check", "-q").Exits(0);
    }

    [Theory]
    [InlineData("\"after\": \"missing\"", "DefinitionUnknown")]
    [InlineData("\"after\": \"regions@v2\"", "DefinitionVersionDiffers")]
    [InlineData("\"after\": \"windows\"", "DefinitionLoop")]
    [InlineData("\"name\": \"regions\"", "DefinitionNameDiffers")]
    [InlineData("\"after\": 3", "FieldInvalid")]
    [InlineData("\"identity\": \"bytes\"", "ProgramWordInvalid")]
    public void What_does_not_fit_together_is_refused(string member, string error)
    {
        using var scratch = Scratch();
        Define(scratch, after: member);
        Assert.Equal([error], HarvestProgram.Run(scratch.Path, Variables(scratch), "new", "v1", "--json").Exits(3).ErrorIds());
        Assert.Empty(Marks(scratch));
    }

    [Fact]
    public void Of_several_that_none_follows_one_has_to_be_named()
    {
        using var scratch = Scratch();
        Dictionary<string, string> variables = Variables(scratch);
        string settings = File.ReadAllText(scratch["harvest.json"]);
        scratch.Write("harvest.json", settings.Replace("\"after\": \"regions\", ", "", StringComparison.Ordinal).Replace("{tables_folder}", "{exports_folder}", StringComparison.Ordinal));
        Assert.Equal(["DefinitionNotChosen"], HarvestProgram.Run(scratch.Path, variables, "new", "v1", "--json").Exits(2).ErrorIds());
        Assert.Equal(["DefinitionUnknown"], HarvestProgram.Run(scratch.Path, variables, "new", "v1", "--definition", "region", "--json").Exits(3).ErrorIds());
        HarvestProgram.Run(scratch.Path, variables, "new", "v1", "--definition", "regions", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "check", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "fsck", "-q").Exits(0);
    }

    [Fact]
    public void How_to_trust_is_said_with_the_definition_where_it_has_to_be_named()
    {
        using var scratch = Scratch();
        Dictionary<string, string> variables = Variables(scratch);
        variables["HARVEST_TRUST_PROGRAMS"] = "0";

        // The last of a chain is meant without its name, and an earlier step is not.
        HarvestProgram.Run(scratch.Path, variables, "trust", "-q").Exits(0);
        HarvestResult refused = HarvestProgram.Run(scratch.Path, variables, "new", "r1", "--definition", "regions").Exits(2);
        Assert.Contains("'harvest trust --definition regions'", refused.Error, StringComparison.Ordinal);
        HarvestProgram.Run(scratch.Path, variables, "trust", "--definition", "regions", "-q").Exits(0);
        HarvestProgram.Run(scratch.Path, variables, "new", "r1", "--definition", "regions", "-q").Exits(0);

        string settings = File.ReadAllText(scratch["harvest.json"]);
        scratch.Write("harvest.json", settings.Replace("\"after\": \"regions\", ", "", StringComparison.Ordinal).Replace("{tables_folder}", "{exports_folder}", StringComparison.Ordinal));
        Assert.Contains("'harvest trust --definition NAME'", HarvestProgram.Run(scratch.Path, variables, "trust").Exits(2).Error, StringComparison.Ordinal);
        Assert.Contains("'harvest trust --definition windows'", HarvestProgram.Run(scratch.Path, variables, "new", "w1", "--definition", "windows").Exits(2).Error, StringComparison.Ordinal);
    }

    private static ScratchFolder Scratch()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh there.");
        ScratchFolder scratch = new ScratchFolder().WithExports();
        scratch.Write("regions.sh", Regions);
        scratch.Write("windows.sh", Windows);
        Define(scratch);
        return scratch;
    }

    private static void Define(ScratchFolder scratch, string windows = "v1.0.0", string regions = "v1.0.0", string after = "\"after\": \"regions\"") => scratch.Write("harvest.json", $$"""
        { "definitions": {
            "regions": { "version": "{{regions}}", "kind": "program", "run": ["sh", "regions.sh", "{out}", "{exports}"], "code": ["regions.sh"], "tables": ["*.csv"], "variables": ["MARKS"] },
            "windows": { "version": "{{windows}}", "kind": "program", {{after}}, "run": ["sh", "windows.sh", "{tables_folder}", "{out}"], "code": ["windows.sh"], "tables": ["*.csv"], "variables": ["MARKS"] } } }
        """);

    private static string[] Marks(ScratchFolder scratch) => File.Exists(scratch["marks"]) ? File.ReadAllLines(scratch["marks"]) : [];

    private static Dictionary<string, string> Variables(ScratchFolder scratch) => new()
    {
        ["HARVEST_TRUST_FOLDER"] = scratch["trust"],
        ["HARVEST_TRUST_PROGRAMS"] = "1",
        ["MARKS"] = scratch["marks"],
    };
}
