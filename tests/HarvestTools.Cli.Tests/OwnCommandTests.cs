using HarvestTools.Cli;
using HarvestTools.Tests.Harness;

namespace HarvestTools.Tests;

/// <summary>How the program names itself in a command that can be pasted.</summary>
public sealed class OwnCommandTests
{
    private static readonly string s_file = OperatingSystem.IsWindows() ? "harvest.exe" : "harvest";

    [Fact]
    public void It_is_its_name_where_the_path_has_a_program_of_it()
    {
        using var scratch = new ScratchFolder();
        scratch.Write($"bin/{s_file}", "");

        Assert.Equal("harvest", OwnCommand.Find("/elsewhere/harvest", "", $"{scratch["nothing"]}{Path.PathSeparator}{scratch["bin"]}"));
    }

    [Fact]
    public void Else_it_is_the_file_that_runs()
    {
        using var scratch = new ScratchFolder();

        Assert.Equal("/opt/harvest", OwnCommand.Find("/opt/harvest", "/opt/harvest.dll", scratch.Path));
        Assert.Equal("\"/my tools/harvest\"", OwnCommand.Find("/my tools/harvest", "", null));
        Assert.Equal("dotnet /opt/harvest.dll", OwnCommand.Find("/usr/bin/dotnet", "/opt/harvest.dll", scratch.Path));
    }
}
