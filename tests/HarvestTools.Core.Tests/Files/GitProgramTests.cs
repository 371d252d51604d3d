using HarvestTools.Files;

namespace HarvestTools.Tests.Files;

/// <summary>Which git is started: never one that the current folder has.</summary>
public sealed class GitProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_is_the_first_program_of_that_name_in_folders_that_are_named_in_full()
    {
        string first = Program("first");
        string second = Program("second");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, Path.GetDirectoryName(first)!);

        Assert.Equal(second, Find(".", relative, "", Path.GetDirectoryName(second)!, Path.GetDirectoryName(first)!));
        Assert.Equal(first, Find(_folder["empty"], Path.GetDirectoryName(first)!));
        Assert.Null(Find(".", relative));
        Assert.Null(GitProgram.Find(null));
    }

    [Fact]
    public void A_file_that_cannot_be_run_is_passed_over()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "every file may be run there");
        string file = Program("file");
        string program = Program("program");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead);
        }

        Assert.Equal(program, Find(Path.GetDirectoryName(file)!, Path.GetDirectoryName(program)!));
    }

    private static string? Find(params string[] folders) => GitProgram.Find(string.Join(Path.PathSeparator, folders));

    private string Program(string folder)
    {
        string path = Path.Combine(_folder[folder], OperatingSystem.IsWindows() ? "git.exe" : "git");
        Directory.CreateDirectory(_folder[folder]);
        File.WriteAllText(path, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return path;
    }
}
