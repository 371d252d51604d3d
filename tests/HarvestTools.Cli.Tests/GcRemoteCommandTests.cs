using System.Text.Json;
using System.Text.RegularExpressions;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>gc of a remote: touched only where it is named, said before it is done, and done in two calls.</summary>
public sealed class GcRemoteCommandTests : IDisposable
{
    private static readonly string s_gone = "aa".PadRight(64, 'b');

    private readonly SharedRemote _team = new();

    public GcRemoteCommandTests()
    {
        _team.Here.Run("push", "-q").Exits(0);
        Directory.CreateDirectory(Path.Combine(_team.Folder, "sha256", "aa"));
        File.WriteAllText(Path.Combine(_team.Folder, "sha256", "aa", s_gone), "nothing needs it");
    }

    public void Dispose() => _team.Dispose();

    [Fact]
    public void It_is_noted_first_and_removed_once_its_days_are_over()
    {
        string[] before = Files();
        HarvestResult dry = _team.Here.Run("gc", "--remote", "origin").Exits(0);
        Assert.Contains($"{s_gone[..12]}  object that nothing names, 16 B: would be noted as needed by nothing, until ", dry.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed. 'harvest gc --remote origin --yes' does it", dry.Out, StringComparison.Ordinal);
        Assert.Matches("repository [0-9a-f]{16}, '.+ on .+', said last on [0-9-]+ what it needs", dry.Out);
        _team.Here.Run("gc", "--yes", "-q").Exits(0);
        Assert.Equal(before, Files());

        Assert.Contains("'harvest gc --remote origin --yes' removes what is noted once its days are over, from ", _team.Here.Run("gc", "--remote", "origin", "--yes").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("'harvest gc --remote origin --exclusive --yes' removes what is noted", _team.Here.Run("gc", "--remote", "origin", "--exclusive", "--yes").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("is noted as needed by nothing and waits, until ", _team.Here.Run("gc", "--remote", "origin").Exits(0).Out, StringComparison.Ordinal);
        Assert.Contains("nothing needs it, as was noted on ", _team.Here.Run("gc", "--remote", "origin", "--why", s_gone[..10]).Exits(0).Out, StringComparison.Ordinal);

        string noted = Path.Combine(_team.Folder, "gc", "candidates.json");
        string text = Regex.Replace(File.ReadAllText(noted), "\"since\": \"[^\"]+\"", "\"since\": \"2020-01-01T00:00:00Z\"");
        ScratchFolder.Unlock(noted);

        // With its digest it would not be believed.
        Assert.Contains("record_sha256", text, StringComparison.Ordinal);
        File.WriteAllText(noted, Regex.Replace(text, ",\\s*\"record_sha256\": \"[0-9a-f]{64}\"", string.Empty));
        JsonElement document = _team.Here.Run("gc", "--remote", "origin", "--yes", "--json").Exits(0).Document();
        JsonElement removed = Assert.Single(document.GetProperty("objects").EnumerateArray());
        Assert.Equal(("Removed", s_gone, "2020-01-01"), (removed.GetProperty("state").GetString(), removed.GetProperty("sha256").GetString(), removed.GetProperty("noted_on").GetString()));
        Assert.Equal("origin", document.GetProperty("remote").GetString());
        Assert.Single(document.GetProperty("repositories").EnumerateArray());
        HarvestResult why = _team.Here.Run("gc", "--remote", "origin", "--why", s_gone[..10], "--json").Exits(3);
        Assert.Equal(["ObjectRemoved"], why.ErrorIds());
        Assert.Matches($"{s_gone[..12]} was removed by retention on [0-9: -]+ UTC from the remote origin.$", why.Document().GetProperty("errors")[0].GetProperty("message").GetString());
        Assert.Equal(before.Where(static file => !file.EndsWith(s_gone, StringComparison.Ordinal)), Files().Where(static file => !file.StartsWith("gc/", StringComparison.Ordinal)));
    }

    [Fact]
    public void Why_says_for_each_object_what_keeps_it()
    {
        string kept = _team.Objects().Keys.First(static sha256 => sha256 != s_gone);
        Assert.Contains("kept for: slice v1", _team.Here.Run("gc", "--why", kept[..12], "--remote", "origin").Exits(0).Out, StringComparison.Ordinal);
        Assert.Equal(["ObjectNotFound"], _team.Here.Run("gc", "--why", "0123456789", "--remote", "origin", "--json").Exits(3).ErrorIds());
    }

    [Fact]
    public void What_does_not_go_together_is_refused()
    {
        Assert.Equal(["CommandLineInvalid"], _team.Here.Run("gc", "--exclusive", "--json").Exits(2).ErrorIds());
        Assert.Equal(["CommandLineInvalid"], _team.Here.Run("gc", "--remote", "origin", "--release", "v1", "--json").Exits(2).ErrorIds());
        Assert.Equal(["RemoteUnknown"], _team.Here.Run("gc", "--remote", "nowhere", "--json").Exits(2).ErrorIds());
        Assert.Equal(["RegisteredRepositoryUnknown"], _team.Here.Run("gc", "--remote", "origin", "--forget", "0123456789abcdef", "--json").Exits(2).ErrorIds());
    }

    private string[] Files() => [.. Directory.EnumerateFiles(_team.Folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_team.Folder, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];
}
