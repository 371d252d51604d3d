using System.Text.Json;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>The agent that git-lfs starts: its stdout is the protocol's alone, whatever happens.</summary>
public sealed class LfsAgentCommandTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Theory]
    [InlineData()]
    [InlineData("--json")]
    [InlineData("-q")]
    public void Stdout_has_the_answers_and_nothing_else(params string[] options)
    {
        _scratch.Run("init", "-q").Exits(0);
        string file = _scratch.Write("a ä.json", "[]");
        string oid = ScratchFolder.Sha256(file);

        HarvestResult up = LfsAgent.Run(_scratch.Path, options, LfsAgent.Init("upload"), LfsAgent.Upload(oid, file), "{\"event\":\"terminate\"}").Exits(0);
        HarvestResult down = LfsAgent.Run(_scratch.Path, options, LfsAgent.Init("download"), LfsAgent.Download(oid)).Exits(0);

        Assert.Equal($"{{}}\n{{\"event\":\"complete\",\"oid\":\"{oid}\"}}\n", up.Out);
        Assert.Equal(2, down.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        using JsonDocument answer = JsonDocument.Parse(down.Out.Split('\n')[1]);
        Assert.Equal("[]", File.ReadAllText(answer.RootElement.GetProperty("path").GetString()!));
        Assert.Empty(up.Error + down.Error);
    }

    [Fact]
    public void An_error_is_an_answer_with_its_number_and_what_to_do()
    {
        HarvestResult none = LfsAgent.Run(_scratch.Path, [], LfsAgent.Init("upload")).Exits(0);
        AssertError(none.Out, 4, "LfsNeedsRepository", "harvest init");

        _scratch.Run("init", "-q").Exits(0);
        string oid = new('a', 64);
        HarvestResult missing = LfsAgent.Run(_scratch.Path, [], LfsAgent.Init("download"), LfsAgent.Download(oid)).Exits(0);
        AssertError(missing.Out.Split('\n')[1], 3, "LfsObjectNotFound", "git lfs push");
    }

    [Fact]
    public void The_remote_is_not_asked_offline()
    {
        _scratch.Run("init", "-q").Exits(0);
        Directory.CreateDirectory(_scratch["share"]);
        _scratch.SetRemote("share");
        AssertError(LfsAgent.Run(_scratch.Path, ["--offline"], LfsAgent.Init("upload")).Exits(0).Out, 2, "RemoteOffline", "HARVEST_OFFLINE");
        Assert.Equal("{}\n", LfsAgent.Run(_scratch.Path, [], LfsAgent.Init("upload")).Exits(0).Out);
    }

    [Fact]
    public void What_is_no_protocol_is_said_on_stderr()
    {
        HarvestResult result = LfsAgent.Run(_scratch.Path, [], "hello").Exits(2);
        Assert.Empty(result.Out);
        Assert.Contains("no message of git-lfs's transfer protocol", result.Error, StringComparison.Ordinal);
        LfsAgent.Run(_scratch.Path, []).Exits(0);
    }

    public void Dispose() => _scratch.Dispose();

    private static void AssertError(string line, int code, string id, string remedy)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement error = document.RootElement.GetProperty("error");
        Assert.Equal((code, id), (error.GetProperty("code").GetInt32(), error.GetProperty("id").GetString()));
        Assert.Contains(remedy, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(remedy, error.GetProperty("remedy").GetString(), StringComparison.Ordinal);
    }
}
