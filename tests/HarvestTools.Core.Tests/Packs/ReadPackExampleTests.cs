using System.Diagnostics;
using HarvestTools.Files;
using HarvestTools.Tests.Architecture;

namespace HarvestTools.Tests.Packs;

/// <summary>The program of the documentation reads what is packed, by the description of the format alone.</summary>
public sealed class ReadPackExampleTests : IDisposable
{
    private readonly PackFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void It_gives_the_bytes_of_whole_packs_and_patches_in_any_order_of_tasks()
    {
        Require("python3");
        Require("zstd");
        byte[] first = PackFile.Export(Enumerable.Range(1, 400));
        byte[] second = PackFile.Export(Enumerable.Range(1, 420).Reverse(), changed: 17, separator: ",\n ", end: " ]\n");
        string anchor = _file.Pack(first);
        string patch = _file.Pack(second, anchor);
        string other = _file.Pack("no list of tasks"u8.ToArray());

        Assert.Equal(first, Read(anchor));
        Assert.Equal(second, Read(patch));
        Assert.Equal("no list of tasks"u8.ToArray(), Read(other));
    }

    private static void Require(string program) =>
        Assert.SkipWhen(ProgramPath.Find(program, Environment.GetEnvironmentVariable("PATH")) is null, $"{program} is not installed.");

    private byte[] Read(string sha256)
    {
        var start = new ProcessStartInfo("python3", [Path.Combine(Checkout.Root, "docs", "examples", "read-pack.py"), _file.Folder.Path, sha256])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process python = Process.Start(start)!;
        Task<string> errors = python.StandardError.ReadToEndAsync();
        using var bytes = new MemoryStream();
        python.StandardOutput.BaseStream.CopyTo(bytes);
        python.WaitForExit();
        Assert.True(python.ExitCode == 0, errors.Result);
        return bytes.ToArray();
    }
}
