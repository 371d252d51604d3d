using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using HarvestTools.Remotes;
using HarvestTools.Remotes.Rclone;
using HarvestTools.Tests.Archive.Stores;
using HarvestTools.Tests.Remotes;

namespace HarvestTools.Tests.Rclone;

public sealed class RcloneFilesTests : RemoteFilesConformance
{
    public RcloneFilesTests()
        : base(new RcloneHarness())
    {
        Assert.SkipUnless(RcloneHarness.Refusal is null, RcloneHarness.Refusal ?? "");
    }

    private protected override bool HasConditions => false;
}

public sealed class RcloneStoreTests : ObjectStoreConformance
{
    public RcloneStoreTests()
        : base(new RemoteStoreHarness(new RcloneHarness()))
    {
        Assert.SkipUnless(RcloneHarness.Refusal is null, RcloneHarness.Refusal ?? "");
    }
}

/// <summary>The program that is started, and what it says.</summary>
public sealed class RcloneProgramTests
{
    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        using var files = new RcloneFiles(RclonePlace.Of("rclone:a:b"), "no-such-rclone");
        HarvestException error = Assert.Throws<HarvestException>(() => files.Find("a"));
        Assert.Equal("RemoteToolMissing", error.ErrorId);
        Assert.Contains("rclone:a:b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_remote_that_rclone_does_not_know_is_not_there()
    {
        Assert.SkipUnless(RcloneHarness.Refusal is null, RcloneHarness.Refusal ?? "");
        using var files = new RcloneFiles(RclonePlace.Of("rclone:nosuchremote:b"));
        Assert.Equal("RemoteNotThere", Assert.Throws<HarvestException>(() => files.Find("a")).ErrorId);
        Assert.Equal("RemoteNotThere", Assert.Throws<HarvestException>(() => files.List("").Count()).ErrorId);
    }

    [Fact]
    public async Task Its_password_is_in_no_command_line_and_nobody_comes_in_without()
    {
        Assert.SkipUnless(RcloneHarness.Refusal is null, RcloneHarness.Refusal ?? "");
        using RcloneProgram program = RcloneProgram.Start("rclone");
        string password = System.Text.Encoding.ASCII.GetString(Convert.FromBase64String(program.Http.DefaultRequestHeaders.Authorization!.Parameter!)).Split(':')[1];
        if (OperatingSystem.IsLinux())
        {
            Assert.DoesNotContain(password, File.ReadAllText($"/proc/{program.ProcessId}/cmdline"), StringComparison.Ordinal);
        }

        using var stranger = new HttpClient();
        using HttpResponseMessage answer = await stranger.PostAsync(new Uri(program.Http.BaseAddress!, "rc/noopauth"), null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("127.0.0.1", program.Http.BaseAddress!.Host);
    }

    [Fact]
    public void It_ends_with_its_owner()
    {
        Assert.SkipUnless(RcloneHarness.Refusal is null, RcloneHarness.Refusal ?? "");
        RcloneProgram program = RcloneProgram.Start("rclone");
        using Process process = Process.GetProcessById(program.ProcessId);
        Assert.False(process.HasExited);
        program.Dispose();
        Assert.True(process.WaitForExit(5000));
    }

    [Fact]
    public void One_that_ended_is_started_again()
    {
        Assert.SkipUnless(RcloneHarness.Refusal is null, RcloneHarness.Refusal ?? "");
        using var harness = new RcloneHarness();
        var files = (RcloneFiles)harness.Files;
        harness.Put("a", [1]);
        Assert.NotNull(files.Find("a"));
        using (Process process = Process.GetProcessById(files.Program.ProcessId))
        {
            process.Kill();
            process.WaitForExit();
        }

        Assert.NotNull(new RetryingFiles(files, wait: static (_, _) => { }).Find("a"));
    }

    [Theory]
    [InlineData("rclone:drive:a/b", "rclone:drive:a/b")]
    [InlineData("rclone:s,secret_access_key=abc:bucket", "rclone:s,…:bucket")]
    [InlineData("rclone::s3,secret_access_key=abc:bucket", "rclone::s3,…:bucket")]
    [InlineData("rclone::sftp,pass=a:b,host=c:path", "rclone::sftp,…:path")]
    public void Parameters_of_an_address_are_in_no_message(string url, string name) => Assert.Equal(name, RclonePlace.Of(url).Name);

    [Theory]
    [InlineData("object not found", null)]
    [InlineData("directory not found", null)]
    [InlineData("didn't find section in config file", "RemoteNotThere")]
    [InlineData("ssh: handshake failed: ssh: unable to authenticate, pass=hunter2", "RemoteDenied")]
    [InlineData("AccessDenied: hunter2", "RemoteDenied")]
    [InlineData("dial tcp: connection refused hunter2", "trouble")]
    [InlineData("unexpected EOF hunter2", "trouble")]
    [InlineData("Put mkParentDir failed: mkdir \"/hunter2\" failed: sftp: \"Failure\" (SSH_FX_FAILURE)", "trouble")]
    [InlineData("something else hunter2", "RemoteRefused")]
    public void What_rclone_says_is_understood_and_not_repeated(string said, string? id)
    {
        using var calls = new RcloneCalls(RclonePlace.Of("rclone:a:b"), "rclone", TimeSpan.FromSeconds(1));
        Exception? fault = calls.FaultOf(HttpStatusCode.InternalServerError, said, "a");
        Assert.Equal(id, fault is RemoteTroubleException ? "trouble" : (fault as HarvestException)?.ErrorId);
        Assert.DoesNotMatch(new Regex("hunter2"), fault?.ToString() ?? "");
    }
}
