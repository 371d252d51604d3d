using System.CommandLine;
using System.Runtime.CompilerServices;
using HarvestTools.Cli;
using HarvestTools.Cli.Commands;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What becomes of faults in one run of a command: the exit code of each kind, and of several.</summary>
[Collection(nameof(CapturedConsole))]
public sealed class InvocationTests
{
    /// <summary>As docs/cli.md has them. A kind that is new fails here until somebody decides on its code.</summary>
    private static readonly Dictionary<HarvestFault, int> s_codes = new()
    {
        [HarvestFault.Drift] = 1,
        [HarvestFault.Usage] = 2,
        [HarvestFault.InvalidData] = 3,
        [HarvestFault.NotFound] = 3,
        [HarvestFault.Damaged] = 3,
        [HarvestFault.NotARepository] = 4,
        [HarvestFault.FileSystem] = 4,
        [HarvestFault.Remote] = 4,
        [HarvestFault.Internal] = 70,
    };

    [Fact]
    public void Each_kind_of_fault_has_its_exit_code_and_the_page_lists_it()
    {
        Assert.Equal(Enum.GetValues<HarvestFault>().Order(), s_codes.Keys.Order());
        string page = File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "cli.md"));
        foreach ((HarvestFault fault, int code) in s_codes)
        {
            Assert.Equal(code, ExitCode.Of(fault));
            Assert.Contains($"| {code} |", page, StringComparison.Ordinal);
        }

        Assert.Equal((130, 143), (ExitCode.Interrupted, ExitCode.Terminated));
        Assert.Contains("| 130, 143 |", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, 3, 4, 1)]
    [InlineData(4, 4, 3)]
    [InlineData(3, 1, 3)]
    [InlineData(0, 0)]
    public void The_highest_code_counts_in_whatever_order_they_come(int expected, params int[] codes)
    {
        using Invocation invocation = Of("slices");
        Assert.Equal(0, invocation.Exit);
        Array.ForEach(codes, invocation.Raise);
        Assert.Equal(expected, invocation.Exit);
    }

    [Fact]
    public void A_fault_of_one_item_does_not_keep_the_rest_from_being_done()
    {
        using Invocation invocation = Of("slices");
        List<int> done = [];
        invocation.ForEach([1, 2, 3, 4], item =>
        {
            done.Add(item);
            if (item % 2 == 0)
            {
                throw CliErrors.FolderNotFound($"/gone/{item}");
            }
        });

        Assert.Equal([1, 2, 3, 4], done);
        Assert.Equal((2, ExitCode.Of(CliErrors.FolderNotFound("/gone").Fault)), (invocation.Errors, invocation.Exit));
    }

    [Fact]
    public void A_stop_is_heard_between_two_items()
    {
        using var stop = new CancellationTokenSource();
        using var invocation = new Invocation(Parse("slices"), json: false, stop.Token);
        List<int> done = [];
        Assert.Throws<OperationCanceledException>(() => invocation.ForEach([1, 2, 3], item =>
        {
            done.Add(item);
            stop.Cancel();
        }));
        Assert.Equal([1], done);
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("64", 64)]
    [InlineData("0", null)]
    [InlineData("65", null)]
    [InlineData("-1", null)]
    [InlineData(" 2", null)]
    [InlineData("two", null)]
    public void Threads_are_1_to_64(string asked, int? threads)
    {
        using Invocation invocation = Of("slices", "--threads", asked);
        if (threads is null)
        {
            HarvestException refused = Assert.Throws<HarvestException>(() => invocation.Context);
            Assert.Equal(("ThreadsInvalid", HarvestFault.Usage), (refused.ErrorId, refused.Fault));
        }
        else
        {
            Assert.Equal(threads, invocation.Context.Threads);
        }
    }

    [Fact]
    public void Without_the_option_there_is_a_thread_a_core()
    {
        using Invocation invocation = Of("slices");
        Assert.Equal(Math.Min(64, Environment.ProcessorCount), invocation.Context.Threads);
    }

    [Theory]
    [InlineData("--check v1", "check v1")]
    [InlineData("--json -q --check --quick", "--json -q check --quick")]
    [InlineData("--quiet --check", "--quiet check")]
    [InlineData("-C --check --check", "-C --check check")]
    [InlineData("--threads 2 --check", "--threads 2 check")]
    [InlineData("report page.html --check", "report page.html --check")]
    [InlineData("check --check", "check --check")]
    [InlineData("--json", "--json")]
    [InlineData("-C", "-C")]
    public void Check_as_an_option_is_the_command_in_a_commands_place_alone(string typed, string meant) =>
        Assert.Equal(meant.Split(' '), CommandRunner.CheckAsOption(typed.Split(' ')));

    [Theory]
    [InlineData("new v1", true)]
    [InlineData("-C x new v1 --threads 2", true)]
    [InlineData("check", true)]
    [InlineData("build v1 --threads", true)]
    [InlineData("check --quick", false)]
    [InlineData("new v1 --threads 1", false)]
    [InlineData("--threads=1 new v1", false)]
    [InlineData("slices", false)]
    [InlineData("new --help", false)]
    [InlineData("new v1 --no-build", false)]
    public void What_may_derive_on_several_threads_is_seen_before_the_words_are_understood(string typed, bool may) =>
        Assert.Equal(may, CommandRunner.MayDerive(typed.Split(' ')));

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, true, false)]
    [InlineData(false, false, true)]
    public void Text_is_for_people_who_asked_for_neither_json_nor_silence(bool json, bool quiet, bool text)
    {
        using var invocation = new Invocation(quiet ? Parse("slices", "-q") : Parse("slices"), json, CancellationToken.None);
        Assert.Equal((json, quiet, text), (invocation.Json, invocation.Quiet, invocation.Text));
    }

    [Fact]
    public void Paths_are_relative_to_the_folder_of_minus_C()
    {
        using var scratch = new ScratchFolder();
        scratch.Write("a.json", "{}");
        using Invocation invocation = Of("slices", "-C", scratch.Path);
        Assert.Equal((scratch["a.json"], scratch["b.json"]), (invocation.Resolve("a.json"), invocation.Resolve("b.json")));
        Assert.Equal((scratch["a.json"], "b.json", null), (invocation.FileOrText("a.json"), invocation.FileOrText("b.json"), invocation.FileOrText(null)));
        invocation.CheckFolder();

        using Invocation elsewhere = Of("slices", "-C", scratch["gone"]);
        Assert.Equal("FolderNotFound", Assert.Throws<HarvestException>(elsewhere.CheckFolder).ErrorId);
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;

    private static Invocation Of(params string[] arguments) => new(Parse(arguments), json: false, CancellationToken.None);

    private static ParseResult Parse(params string[] arguments) => CommandTree.Root().Parse(arguments, CommandRunner.Parsing);
}
