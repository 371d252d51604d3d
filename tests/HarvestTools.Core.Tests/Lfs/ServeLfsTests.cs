using System.Text;
using System.Text.Json;
using HarvestTools.Files;
using HarvestTools.Repositories;
using HarvestTools.Tests.Workflows;
using HarvestTools.Workflows;

namespace HarvestTools.Tests.Lfs;

/// <summary>The transfer agent, by the lines that git-lfs writes and reads.</summary>
public sealed class ServeLfsTests : IDisposable
{
    private const string Terminate = "{\"event\":\"terminate\"}";
    private static readonly byte[] s_bytes = [.. Enumerable.Range(0, 5_000_000).Select(static i => (byte)(i * 31))];

    private readonly TemporaryRepository _team = new();

    public ServeLfsTests()
    {
        _team.MakeCheckout();
    }

    private static string Oid => LfsCheckout.Hash(s_bytes);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_upload_goes_into_the_archive_and_the_remote(bool far)
    {
        string? remote = far ? _team.SetRemote() : null;
        string file = Write("upload", s_bytes);

        JsonElement[] answers = Serve(Init("upload"), Upload(Oid, file), Terminate);

        Assert.Equal("{}", answers[0].GetRawText());
        RequireProgress(answers[1..^1]);
        RequireComplete(answers[^1], Oid);
        Assert.Equal(s_bytes, File.ReadAllBytes(_team.Repository.Archive.Local.LocalPath(Oid)!));
        if (remote is not null)
        {
            Assert.Equal(s_bytes, File.ReadAllBytes(Path.Combine(remote, "sha256", Oid[..2], Oid)));
        }

        // What is there already is no fault.
        answers = Serve(Init("upload"), Upload(Oid, file), Terminate);
        RequireComplete(answers[^1], Oid);
    }

    [Fact]
    public void An_upload_of_other_bytes_is_refused_and_kept_nowhere()
    {
        string remote = _team.SetRemote();
        string file = Write("upload", LfsCheckout.Damaged(s_bytes));

        JsonElement[] answers = Serve(Init("upload"), Upload(Oid, file), Upload(LfsCheckout.Hash("b"u8.ToArray()), Write("b", "b"u8.ToArray())), Terminate);

        JsonElement error = answers.Single(answer => IsComplete(answer, Oid)).GetProperty("error");
        Assert.Equal(("LfsObjectDamaged", 3), (error.GetProperty("id").GetString(), error.GetProperty("code").GetInt32()));
        Assert.False(_team.Repository.HasArchived(Oid));
        Assert.DoesNotContain(Directory.GetFiles(remote, "*", SearchOption.AllDirectories), static path => path.EndsWith(Oid, StringComparison.Ordinal));

        // One that fails does not end the others.
        RequireComplete(answers[^1], LfsCheckout.Hash("b"u8.ToArray()));
    }

    [Fact]
    public void An_upload_puts_right_what_is_damaged_in_archive_and_remote()
    {
        string remote = _team.SetRemote();
        string file = Write("upload", s_bytes);
        Serve(Init("upload"), Upload(Oid, file), Terminate);
        string[] places = [_team.Repository.Archive.Local.LocalPath(Oid)!, Path.Combine(remote, "sha256", Oid[..2], Oid)];
        foreach (string place in places)
        {
            FileAccessBits.ClearForReplacement(place);
            File.WriteAllBytes(place, LfsCheckout.Damaged(s_bytes));
        }

        RequireComplete(Serve(Init("upload"), Upload(Oid, file), Terminate)[^1], Oid);
        Assert.All(places, static place => Assert.Equal(s_bytes, File.ReadAllBytes(place)));
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("remote")]
    public void A_download_is_a_copy_that_git_lfs_may_take(string place)
    {
        string remote = _team.SetRemote();
        if (place == "archive")
        {
            Serve(Init("upload"), Upload(Oid, Write("upload", s_bytes)), Terminate);
            Directory.Delete(remote, recursive: true);
        }
        else
        {
            LfsCheckout.Share(remote, s_bytes);
        }

        JsonElement[] answers = Serve(Init("download"), Download(Oid), Terminate);

        RequireProgress(answers[1..^1]);
        RequireComplete(answers[^1], Oid);
        string path = answers[^1].GetProperty("path").GetString()!;
        Assert.Equal(_team.PathOf(".git/lfs/tmp"), Path.GetDirectoryName(path));
        Assert.Equal(s_bytes, File.ReadAllBytes(path));
        Assert.False(FileAccessBits.IsReadOnly(path));

        // The archive has it too, and whatever becomes of the copy is not its business.
        File.WriteAllText(path, "changed");
        Assert.Equal(s_bytes, File.ReadAllBytes(_team.Repository.Archive.Local.LocalPath(Oid)!));
        Assert.Single(Directory.GetFiles(_team.PathOf(".git/lfs/tmp")));
    }

    [Fact]
    public void Damage_in_the_remote_is_refused_and_kept_nowhere()
    {
        LfsCheckout.Share(_team.SetRemote(), LfsCheckout.Damaged(s_bytes), Oid);

        JsonElement answer = Serve(Init("download"), Download(Oid), Terminate)[^1];

        Assert.Equal("RemoteObjectDamaged", answer.GetProperty("error").GetProperty("id").GetString());
        Assert.False(answer.TryGetProperty("path", out _));
        Assert.False(_team.Repository.HasArchived(Oid));
        Assert.False(Directory.Exists(_team.PathOf(".git/lfs/tmp")) && Directory.EnumerateFiles(_team.PathOf(".git/lfs/tmp")).Any());
    }

    [Fact]
    public void Damage_in_the_archive_is_refused()
    {
        Serve(Init("upload"), Upload(Oid, Write("upload", s_bytes)), Terminate);
        string archived = _team.Repository.Archive.Local.LocalPath(Oid)!;
        FileAccessBits.ClearForReplacement(archived);
        File.WriteAllBytes(archived, LfsCheckout.Damaged(s_bytes));

        JsonElement answer = Serve(Init("download"), Download(Oid), Terminate)[^1];

        Assert.Equal("ObjectDamaged", answer.GetProperty("error").GetProperty("id").GetString());
        Assert.Empty(Directory.EnumerateFiles(_team.PathOf(".git/lfs/tmp")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_nowhere_is_an_error_of_that_file_alone(bool far)
    {
        if (far)
        {
            _team.SetRemote();
        }

        string there = LfsCheckout.Hash("b"u8.ToArray());
        Serve(Init("upload"), Upload(there, Write("b", "b"u8.ToArray())), Terminate);
        JsonElement[] answers = Serve(Init("download"), Download(Oid), Download(there), Terminate);

        JsonElement error = answers[1].GetProperty("error");
        Assert.Equal("LfsObjectNotFound", error.GetProperty("id").GetString());
        Assert.EndsWith(error.GetProperty("remedy").GetString()!, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        RequireComplete(answers[2], there);
    }

    [Fact]
    public void Offline_no_remote_is_asked()
    {
        string remote = _team.SetRemote();
        LfsCheckout.Share(remote, s_bytes);
        Repository Open()
        {
            Repository repository = _team.Repository;
            repository.Offline = true;
            return repository;
        }

        JsonElement down = Serve(Open, Init("download"), Download(Oid), Terminate)[^1];
        Assert.Equal("RemoteOffline", down.GetProperty("error").GetProperty("id").GetString());
        JsonElement up = Assert.Single(Serve(Open, Init("upload"), Terminate));
        Assert.Equal("RemoteOffline", up.GetProperty("error").GetProperty("id").GetString());

        // What the archive has needs no remote.
        Serve(Init("download"), Download(Oid), Terminate);
        RequireComplete(Serve(Open, Init("download"), Download(Oid), Terminate)[^1], Oid);
    }

    [Fact]
    public void Outside_of_a_repository_the_first_answer_says_so()
    {
        JsonElement error = Assert.Single(Serve(() => Repository.Find(Path.GetTempPath()), Init("upload"), Terminate)).GetProperty("error");
        Assert.Equal("LfsNeedsRepository", error.GetProperty("id").GetString());
        Assert.Contains("GIT_LFS_SKIP_SMUDGE", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"event\":1}")]
    [InlineData("{\"event\":\"verify\"}")]
    [InlineData("{\"event\":\"upload\",\"oid\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"path\":\"x\"}")]
    public void What_is_no_protocol_ends_it(string line) =>
        Assert.Equal("LfsMessageInvalid", Assert.Throws<HarvestException>(() => Serve(line)).ErrorId);

    [Theory]
    [InlineData("download", "")]
    [InlineData("download", "../../../x")]
    [InlineData("upload", "ABC")]
    public void What_names_no_file_by_its_hash_is_no_path_either(string kind, string oid) =>
        Assert.Equal("LfsMessageInvalid", Assert.Throws<HarvestException>(() => Serve(Init(kind), $"{{\"event\":\"{kind}\",\"oid\":\"{oid}\",\"path\":\"x\"}}")).ErrorId);

    [Fact]
    public void It_ends_with_the_input_and_reads_nothing_after_the_end()
    {
        Assert.Empty(Serve());
        Assert.Single(Serve(Init("download"), ""));
        Assert.Single(Serve(Init("download"), Terminate, "no json"));
    }

    [Fact]
    public void A_signal_ends_the_wait_for_the_next_request()
    {
        using var stop = new CancellationTokenSource();
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        using var input = new System.IO.Pipes.AnonymousPipeClientStream(pipe.GetClientHandleAsString());
        stop.CancelAfter(50);
        Assert.Throws<OperationCanceledException>(() => ServeLfs.Run(
            () => _team.Repository, input, new MemoryStream(), static _ => 1, _team.Context with { Cancellation = stop.Token }));

        // The read that is under way ends with the pipe.
        pipe.Dispose();
    }

    public void Dispose() => _team.Dispose();

    private static string Init(string operation) => $"{{\"event\":\"init\",\"operation\":\"{operation}\",\"remote\":\"origin\",\"concurrent\":true,\"concurrenttransfers\":3}}";

    private static string Upload(string oid, string path) => JsonSerializer.Serialize(new { @event = "upload", oid, size = 1, path, action = (string?)null });

    private static string Download(string oid) => JsonSerializer.Serialize(new { @event = "download", oid, size = 1, action = (string?)null });

    private static bool IsComplete(JsonElement answer, string oid) =>
        answer.TryGetProperty("event", out JsonElement name) && name.GetString() == "complete" && answer.GetProperty("oid").GetString() == oid;

    private static void RequireComplete(JsonElement answer, string oid)
    {
        Assert.True(IsComplete(answer, oid), answer.GetRawText());
        Assert.False(answer.TryGetProperty("error", out _), answer.GetRawText());
    }

    private static void RequireProgress(JsonElement[] answers)
    {
        long before = 0;
        Assert.NotEmpty(answers);
        foreach (JsonElement answer in answers)
        {
            Assert.Equal(("progress", Oid), (answer.GetProperty("event").GetString(), answer.GetProperty("oid").GetString()));
            long soFar = answer.GetProperty("bytesSoFar").GetInt64();
            Assert.Equal(soFar - before, answer.GetProperty("bytesSinceLast").GetInt64());
            Assert.InRange(soFar, before + 1, s_bytes.Length);
            before = soFar;
        }
    }

    private string Write(string name, byte[] bytes)
    {
        string path = _team.PathOf(name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private JsonElement[] Serve(params string[] lines) => Serve(() => _team.Repository, lines);

    private JsonElement[] Serve(Func<Repository> open, params string[] lines)
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes(string.Concat(lines.Select(static line => line + "\n"))));
        using var output = new MemoryStream();
        ServeLfs.Run(open, input, output, static fault => fault.Fault == HarvestFault.Damaged ? 3 : 1, _team.Context);
        string text = Encoding.UTF8.GetString(output.ToArray());
        Assert.True(text.Length == 0 || text.EndsWith('\n'));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement.Clone())];
    }
}
