using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace HarvestTools.Tests.Harness;

/// <summary>The transfer agent as a process of its own, with a test in git-lfs's place.</summary>
internal static class LfsAgent
{
    public static string Init(string operation) => $"{{\"event\":\"init\",\"operation\":\"{operation}\",\"remote\":\"origin\",\"concurrent\":false}}";

    public static string Upload(string oid, string path) => JsonSerializer.Serialize(new { @event = "upload", oid, size = 1, path });

    public static string Download(string oid) => JsonSerializer.Serialize(new { @event = "download", oid, size = 1 });

    /// <summary>Starts it; its input is open.</summary>
    public static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (string argument in (string[])[HarvestProgram.AssemblyPath, "lfs-agent", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
    }

    /// <summary>Runs it over some requests to their end.</summary>
    public static HarvestResult Run(string folder, string[] arguments, params string[] requests)
    {
        using Process process = Start(folder, arguments);
        foreach (string request in requests)
        {
            process.StandardInput.WriteLine(request);
        }

        process.StandardInput.Close();
        return HarvestProgram.Finish(process, ["lfs-agent", .. arguments]);
    }

    /// <summary>Kills it at its first word of how far the upload is; false where it was too quick.</summary>
    public static bool KillWithin(string folder, string oid, string path)
    {
        using Process process = Start(folder);
        process.StandardInput.WriteLine(Init("upload"));
        process.StandardInput.WriteLine(Upload(oid, path));
        Assert.Equal("{}", process.StandardOutput.ReadLine());
        Assert.Contains("\"progress\"", process.StandardOutput.ReadLine(), StringComparison.Ordinal);
        process.Kill();
        string rest = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return !rest.Contains("\"complete\"", StringComparison.Ordinal);
    }
}
