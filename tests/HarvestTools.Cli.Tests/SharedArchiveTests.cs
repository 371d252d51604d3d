using System.Text.Json.Nodes;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>An archive and a remote that the users of a group share: what one makes there the others can read, and go on with.</summary>
public sealed class SharedArchiveTests
{
    private const UnixFileMode Group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.SetGroup;

    [Theory]
    [InlineData("077")]
    [InlineData("022")]
    [InlineData("002")]
    public void What_is_made_in_a_folder_of_a_group_is_the_groups_whatever_the_umask_says(string umask)
    {
        using var scratch = new ScratchFolder();
        (string archive, string remote) = Work(scratch, umask, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | Group);

        foreach (string shared in new[] { archive, remote })
        {
            string[] folders = Directory.GetDirectories(shared, "*", SearchOption.AllDirectories);
            Assert.NotEmpty(folders);
            Assert.All(folders, static folder => Assert.Equal(Group, ModeOf(folder) & Group));
            string[] files = Directory.GetFiles(shared, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 });
            Assert.Contains(files, static file => Path.GetFileName(file).Length == 64);
            Assert.All(files, static file => Assert.True((ModeOf(file) & UnixFileMode.GroupRead) != 0, file));
        }

        string[] locks = Directory.GetFiles(Path.Combine(archive, "locks"));
        Assert.NotEmpty(locks);
        Assert.All(locks, static file => Assert.True((ModeOf(file) & UnixFileMode.GroupWrite) != 0, file));
    }

    [Fact]
    public void Elsewhere_the_umask_holds()
    {
        using var scratch = new ScratchFolder();

        // Writable for the group, as /tmp is, but not said to be shared.
        (string archive, string remote) = Work(scratch, "077", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite);

        foreach (string path in new[] { archive, remote }.SelectMany(static one => Directory.GetFileSystemEntries(one, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })))
        {
            Assert.True((ModeOf(path) & Group) == 0, path);
        }
    }

    /// <summary>A user's whole way, with a umask of his own.</summary>
    private static (string Archive, string Remote) Work(ScratchFolder scratch, string umask, UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no umask; folders inherit their permissions.");
        string archive = Directory.CreateDirectory(scratch["archive"]).FullName;
        string remote = Directory.CreateDirectory(scratch["remote"]).FullName;
        foreach (string folder in new[] { archive, remote })
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder, mode);
            }

            Assert.SkipUnless(ModeOf(folder) == mode, "The file system does not keep the set-group-ID bit for this user.");
        }

        scratch.Write("work/exports/hands.json", SmallExport.Hands(tasks: 4));
        void Run(params string[] arguments) => scratch.RunWithProgram(
            "sh", ["-c", "umask \"$1\" && cd \"$2\" && shift 2 && exec dotnet \"$@\"", "sh", umask, scratch["work"], HarvestProgram.AssemblyPath, .. arguments]).Exits(0);
        Run("init");
        JsonNode settings = JsonNode.Parse(File.ReadAllText(scratch["work/harvest.json"]))!;
        settings["remotes"] = new JsonObject { ["origin"] = remote };
        File.WriteAllText(scratch["work/harvest.json"], settings.ToJsonString());
        scratch.Write("work/harvest.local.json", new JsonObject { ["archive"] = archive }.ToJsonString());
        Run("add", "exports/hands.json", "--project", "a");
        Run("new", "v1");
        Run("push", "--tables");
        return (archive, remote);
    }

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);
}
