using System.Text.Json;
using HarvestTools.Strings;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What files hold (labels, types, reasons, names) reaches no terminal as a command, and JSON and files keep it.</summary>
public sealed class PlainOutputTests
{
    // A colour, a window's title, a cursor's movement, C1 and DEL, every kind of mark that changes the direction of text, and two
    // ways to begin a line that reads as one of the program's own.
    private const string Probe = "\u001b[31m\u001b]0;title\u0007\u009b2J\u007f\u202etxt\u2066\u200f\u061c\u2028a\nforged";
    private const string Visible = "\\u001b[31m\\u001b]0;title\\u0007\\u009b2J\\u007f\\u202etxt\\u2066\\u200f\\u061c\\u2028a forged";

    private static readonly Lazy<ScratchFolder> s_hostile = new(Make);

    public static TheoryData<string[], bool> Commands
    {
        get
        {
            var lines = new TheoryData<string[], bool>();
            string file = FileName;

            // With each, whether it shows some of the probes.
            foreach ((string[] line, bool shows) in new (string[], bool)[]
            {
                (["hash", $"exports/{file}", "--labels"], true),
                (["exports"], true),
                (["project"], false),
                (["restore", "b", "--to", "restored.json"], false),
                (["new", "v4", "--reason", Probe], true),
                (["slices"], true),
                (["show", "v2"], true),
                (["remove", "v1"], false),
                (["build"], false),
                (["check"], false),
                (["diff", "v1", "v2"], true),
                (["diff", "v1", "v2", "--rows"], true),
                (["diff-export", "exports/hands.json", $"exports/{file}"], true),
                (["diff-export", "exports/hands.json", $"exports/{file}", "--all"], true),
                (["impact", "--set", "min_pixel_agreement=1"], false),
                (["log"], true),
                (["source", "v2"], true),
                (["source", "--model", "m" + Probe], true),
                (["bisect", "--metric", "pck"], true),
                (["bisect", "--metric", "p" + Probe], true),
                (["fsck"], true),
                (["decide"], false),
                (["decide", "--explain"], false),
                (["complete", "--", "show", ""], true),
                (["complete", "--", "source", "--model", ""], false),
                (["show", "none" + Probe], true),
                (["add", "none" + Probe], true),
                (["none" + Probe], true),
                (["show", "--none" + Probe], true),
                (["register", "v1", "new" + Probe], true),
            })
            {
                lines.Add(line, shows);
            }

            return lines;
        }
    }

    /// <summary>Windows has no such names for files.</summary>
    private static string FileName => OperatingSystem.IsWindows() ? "other.json" : $"x{Probe}.json";

    [Theory]
    [MemberData(nameof(Commands))]
    public void No_command_prints_what_steers_a_terminal(string[] line, bool shows)
    {
        using ScratchFolder scratch = Copy();
        HarvestResult text = scratch.Run(line);
        AssertPlain(text);
        if (shows && !OperatingSystem.IsWindows())
        {
            Assert.Matches(@"\\u(001b|202e)", text.Out + text.Error);
        }

        using ScratchFolder again = Copy();
        HarvestResult json = again.Run(["--json", .. line]);
        AssertPlain(json);
        using var document = JsonDocument.Parse(json.Out);
        Assert.Equal(json.Exit, document.RootElement.GetProperty("exit_code").GetInt32());
    }

    [Fact]
    public void Json_gives_a_parser_what_the_files_hold()
    {
        using ScratchFolder scratch = Copy();
        JsonElement slice = scratch.Run("show", "v2", "--json").Exits(0).Document().GetProperty("slice");
        Assert.Equal("because " + Probe, slice.GetProperty("reason").GetString());
        Assert.Contains("because " + Probe, JsonDocument.Parse(File.ReadAllText(scratch["slices/v2/slice.json"])).RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
        HarvestResult text = scratch.Run("show", "v2").Exits(0);
        Assert.Contains("because " + Visible, text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_letters_of_every_language_as_they_are()
    {
        using ScratchFolder scratch = Copy();
        scratch.Run("new", "v5", "--reason", "größer <b> & 手 עברית 🙂").Exits(0);
        HarvestResult json = scratch.Run("show", "v5", "--json").Exits(0);
        Assert.Contains("größer <b> & 手 עברית", json.Out, StringComparison.Ordinal);
        Assert.Equal("größer <b> & 手 עברית 🙂", json.Document().GetProperty("slice").GetProperty("reason").GetString());
    }

    [Fact]
    public void The_report_has_no_control_character_and_no_mark_of_direction()
    {
        using ScratchFolder scratch = Copy();
        AssertPlain(scratch.Run("report", "report.html").Exits(0));
        string page = File.ReadAllText(scratch["report.html"]);
        Assert.True(PlainText.IsPlain(page));
        Assert.Contains("\\u202etxt", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_the_program_writes_to_the_console_but_the_one_place()
    {
        string sources = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../src/HarvestTools.Cli"));
        IEnumerable<string> writing = Directory.GetFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(static file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(static file => File.ReadAllText(file) is var text
                && (text.Contains("Console.Out", StringComparison.Ordinal) || text.Contains("Console.Error.", StringComparison.Ordinal)
                    || text.Contains("Console.Write", StringComparison.Ordinal) || text.Contains("Console.OpenStandard", StringComparison.Ordinal)))
            .Select(static file => Path.GetFileName(file));

        // The first page of help prints a fixed text, before anything else is loaded; the agent's stdout is git-lfs's protocol, in JSON that
        // escapes; the last sets the console's encoding.
        Assert.Equal(["LfsAgentCommand.cs", "RootHelp.cs", "StandardStreams.cs", "Terminal.cs"], writing.Order(StringComparer.Ordinal));
    }

    private static void AssertPlain(HarvestResult result)
    {
        foreach (string stream in new[] { result.Out, result.Error })
        {
            int at = 0;
            while (at < stream.Length && (!PlainText.IsUnsafe(stream[at]) || stream[at] == '\r'))
            {
                at++;
            }

            Assert.DoesNotContain(stream.Split('\n'), static line => line.StartsWith("forged", StringComparison.Ordinal));
            Assert.True(at == stream.Length, $"harvest {string.Join(' ', result.Arguments.Select(PlainText.Of))} prints U+{(at < stream.Length ? stream[at] : 0):x4} in: {PlainText.Of(stream)}");
        }
    }

    /// <summary>Slices v1 to v3 of exports whose labels, types, episodes and file name have the probe, and models and metrics of such names.</summary>
    private static ScratchFolder Make()
    {
        ScratchFolder scratch = new ScratchFolder().WithSlice();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => scratch.Dispose();
        string probe = JsonSerializer.Serialize(Probe)[1..^1];
        string hostile = SmallExport.Hands(tasks: 8, moved: 1, label: "wrist" + probe)
            .Replace("\"episode\":\"ep1\"", $"\"episode\":\"ep1{probe}\"", StringComparison.Ordinal)
            .Replace("\"task_subdir\":\"pour\"", $"\"task_subdir\":\"pour{probe}\"", StringComparison.Ordinal)
            .Replace("\"type\":\"rectanglelabels\"", $"\"type\":\"odd{probe}\"", StringComparison.Ordinal);
        scratch.Write($"exports/{FileName}", hostile);
        scratch.Run("add", $"exports/{FileName}", "--project", "b").Exits(0);
        scratch.Run("new", "v2", "--reason", "because " + Probe).Exits(0);
        scratch.Run("new", "v3", "--set", "min_pixel_agreement=2").Exits(0);
        scratch.Run("register", "v1", "m" + Probe, "--metric", "pck=0.9", "--metric", $"p{Probe}=1").Exits(0);
        scratch.Run("register", "v2", "m" + Probe, "--metric", "pck=0.8", "--metric", $"p{Probe}=0.5").Exits(0);

        // What a check and an fsck find is named.
        if (!OperatingSystem.IsWindows())
        {
            scratch.Write($".harvest/archive/sha256/stray{Probe}", "x");
        }

        scratch.Write($"exports/{FileName}", hostile + " ");
        return scratch;
    }

    private static ScratchFolder Copy()
    {
        var copy = new ScratchFolder();
        ScratchFolder hostile = s_hostile.Value;
        foreach (string file in Directory.EnumerateFiles(hostile.Path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }))
        {
            string target = Path.Combine(copy.Path, Path.GetRelativePath(hostile.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }
}
