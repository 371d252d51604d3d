using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>What is offered at the cursor, and the scripts in the shells themselves.</summary>
public sealed class CompletionTests
{
    [Fact]
    public void Commands_are_offered_and_the_hidden_one_is_not()
    {
        using var scratch = new ScratchFolder();
        string[] offered = Words(scratch, "");
        Assert.Contains("completion", offered);
        Assert.DoesNotContain("complete", offered);
        Assert.Equal(["slices"], Words(scratch, "sl"));
        Assert.Equal(["show", "source"], Words(scratch, "-q", "-C", ".", "s").Where(static word => word != "slices"));
    }

    [Fact]
    public void Options_are_offered_once_unless_they_repeat()
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(["--quick", "--quiet"], Words(scratch, "check", "--qui"));
        Assert.Equal(["--quiet"], Words(scratch, "check", "--quick", "--qui"));
        Assert.Equal(["--set"], Words(scratch, "new", "v2", "--set", "consensus=first", "--set"));
        Assert.Empty(Words(scratch, "add", "--", "--pro"));
    }

    [Fact]
    public void What_the_repository_holds_is_offered_from_every_folder()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Run("new", "v2", "--no-build", "-q").Exits(0);
        string hash = ScratchFolder.Sha256(scratch["exports/hands.json"])[..12];

        Assert.Equal(["v2", "v1"], Words(scratch, "show", ""));
        Assert.Equal(["v1"], Words(scratch, "check", "v2", ""));
        Assert.Equal(["v2", "v1"], Words(scratch, "new", "v3", "--parent", ""));
        Assert.Empty(Words(scratch, "new", "v"));
        Assert.Equal(["a", "b"], Words(scratch, "exports", "--project", ""));
        Assert.Equal(["--project=a", "--project=b"], Words(scratch, "exports", "--project="));
        Assert.Equal([hash], Words(scratch, "new", "v3", "-e", hash[..8]));
        Assert.Equal(["newest"], Words(scratch, "new", "v3", "--prefer", "ne"));
        Assert.Equal([hash], Words(scratch, "restore", hash[..8]));
        Assert.Equal(["a", "b"], Words(scratch, "restore", "").Take(2));
        Assert.Equal(["v2", "v1"], Words(scratch, "restore", "--slice", ""));
        Assert.Equal(["v2", "v1"], Words(scratch, "remove", ""));

        using var elsewhere = new ScratchFolder();
        Assert.Equal(["v2", "v1"], Words(elsewhere, "-C", scratch.Path, "show", ""));
        Assert.Empty(Words(elsewhere, "show", ""));
    }

    [Fact]
    public void Metrics_and_people_are_offered()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        scratch.Run("register", "v1", "hand", "--metric", "pck=0.5", "--metric", "loss=2", "-q").Exits(0);

        Assert.Equal(["loss", "pck"], Words(scratch, "models", "--metric", ""));
        Assert.Equal(["loss"], Words(scratch, "bisect", "--metric", "l"));
        Assert.Equal(["hand"], Words(scratch, "bisect", "--model", ""));

        // People are known once the index has been asked for.
        Assert.Empty(Words(scratch, "source", "--annotator", ""));
        scratch.Run("source", "--task", "1");
        string[] people = Words(scratch, "source", "--annotator", "");
        Assert.NotEmpty(people);
        Assert.All(people, static id => Assert.True(long.TryParse(id, out long number) && number > 0));
        Assert.Equal(people, Words(scratch, "erase", "--annotator", ""));
    }

    [Fact]
    public void A_rule_is_completed_and_then_its_values()
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(["min_pixel_agreement="], Words(scratch, "new", "v1", "--set", "min_p"));
        Assert.Equal(["consensus=mean", "consensus=first"], Words(scratch, "new", "v1", "--set", "consensus="));
        Assert.Equal(["accept_untouched=true"], Words(scratch, "impact", "--set", "accept_untouched=t"));
    }

    [Fact]
    public void Files_and_folders_are_left_to_the_shell()
    {
        using var scratch = new ScratchFolder();
        Assert.Equal(":files\n", scratch.Run("complete", "--", "add", "").Exits(0).Out);
        Assert.Equal(":files\n", scratch.Run("complete", "--", "add", "a.json", "--label-config", "").Exits(0).Out);
        Assert.Equal(":files\n", scratch.Run("complete", "--", "diff-export", "").Exits(0).Out);
        Assert.Equal(":folders\n", scratch.Run("complete", "--", "init", "").Exits(0).Out);
        Assert.Equal(":folders\n", scratch.Run("complete", "--", "-C", "").Exits(0).Out);
    }

    [Fact]
    public void A_note_tells_when_and_why_a_slice_was_made()
    {
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        HarvestResult answer = scratch.Run("complete", "--", "show", "").Exits(0);
        Assert.Matches(@"^v1\t\d{4}-\d\d-\d\d: first\n$", answer.Out);
        Assert.Empty(answer.Error);
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("pwsh")]
    [InlineData("zsh")]
    public void Each_shell_has_its_script(string shell)
    {
        using var scratch = new ScratchFolder();
        HarvestResult script = scratch.Run("completion", shell).Exits(0);
        Assert.DoesNotContain('\r', script.Out);
        Assert.Contains("complete", script.Out, StringComparison.Ordinal);
        JsonElement document = scratch.Run("completion", shell, "--json").Exits(0).Document();
        Assert.Equal(script.Out, document.GetProperty("script").GetString());
    }

    [Fact]
    public void Another_shell_is_wrong_usage()
    {
        using var scratch = new ScratchFolder();
        HarvestResult answer = scratch.Run("completion", "bsh").Exits(2);
        Assert.Contains("Did you mean 'bash'?", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bash_completes_versions_and_puts_cut_words_together()
    {
        // COMP_WORDS as bash fills it: cut at '='.
        const string Script = """
            source <(harvest completion bash)
            try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _harvest_complete; echo "${COMPREPLY[*]}"; }
            try harvest show ''
            try harvest new v2 --set consensus = ''
            try harvest new v2 --set consensus = f
            try harvest exports --project = ''
            try harvest new v2 --set min_p
            """;
        Assert.Equal(["v1", "mean first", "first", "a b", "min_pixel_agreement="], InShell("bash", "-c", Script));
    }

    [Fact]
    public void PowerShell_completes_versions_with_tooltips()
    {
        const string Script = """
            harvest completion pwsh | Out-String | Invoke-Expression
            foreach ($line in 'harvest show ', 'harvest new v2 --set consensus=f', 'harvest check --quic') {
                (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches | ForEach-Object { "$($_.CompletionText)|$($_.ToolTip -replace '^[-0-9]+')" }
            }
            """;
        string[] lines = InShell("pwsh", "-NoProfile", "-NonInteractive", "-Command", Script);
        Assert.Equal(["v1|: first", "consensus=first|consensus=first"], lines[..2]);
        Assert.StartsWith("--quick|", lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Zsh_takes_the_script()
    {
        // Its completion works only at a prompt; compadd is asked for what it would be given.
        const string Script = """
            compdef() { :; }
            source <(harvest completion zsh)
            compadd() { local -a values; while (($#)); do [[ $1 == -a || $1 == -*a ]] && values=("${(@P)2}"); shift; done; print -r -- $values; }
            words=(harvest show ''); CURRENT=3; PREFIX=''
            _harvest
            words=(harvest new v2 --set min_p); CURRENT=5; PREFIX=min_p
            _harvest
            """;
        Assert.Equal(["v1", "min_pixel_agreement="], InShell("zsh", "-f", "-c", Script));
    }

    private static string[] Words(ScratchFolder scratch, params string[] words) =>
        [.. scratch.Run(["complete", "--", .. words]).Exits(0).Out
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(static line => line[0] != ':')
            .Select(static line => line.Split('\t')[0])];

    /// <summary>Lines that a shell prints in a repository with slice v1, with harvest on its path.</summary>
    private static string[] InShell(string shell, params string[] arguments)
    {
        ProgramOnPath.Require(shell);
        using ScratchFolder scratch = new ScratchFolder().WithSlice();
        HarvestResult result = scratch.RunWithProgram(shell, arguments).Exits(0);
        Assert.Empty(result.Error);
        return result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
