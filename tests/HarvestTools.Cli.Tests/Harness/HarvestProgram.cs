using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace HarvestTools.Tests.Harness;

/// <summary>Runs the built program as a process of its own, as users do.</summary>
internal static class HarvestProgram
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    /// <summary>The program of the same build as these tests; the build copies it beside them.</summary>
    public static string AssemblyPath { get; } = Path.Combine(AppContext.BaseDirectory, "harvest.dll");

    public static HarvestResult Run(string folder, params string[] arguments) => Run(folder, new Dictionary<string, string>(), arguments);

    public static HarvestResult Run(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        using Process process = Start(folder, environment, arguments);
        return Finish(process, arguments);
    }

    public static Process Start(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = new UTF8Encoding(false, throwOnInvalidBytes: true),
            StandardErrorEncoding = new UTF8Encoding(false, throwOnInvalidBytes: true),
        };
        start.ArgumentList.Add(AssemblyPath);
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
    }

    public static HarvestResult Finish(Process process, params string[] arguments) => Finish(process, s_patience, arguments);

    /// <summary>The same where the program must end sooner: one that hangs fails the test.</summary>
    public static HarvestResult Finish(Process process, TimeSpan patience, params string[] arguments)
    {
        // Both streams are drained at once, or a full pipe would stop the program for ever.
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"harvest {string.Join(' ', arguments)} did not end");
        }

        return new HarvestResult(arguments, process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

/// <summary>What a run of the program left.</summary>
internal sealed record HarvestResult(IReadOnlyList<string> Arguments, int Exit, string Out, string Error)
{
    /// <summary>Fails the test with all output unless the exit code is the one expected.</summary>
    public HarvestResult Exits(int expected)
    {
        Assert.True(expected == Exit, $"harvest {string.Join(' ', Arguments)} exited with {Exit}, not {expected}.\nstdout:\n{Out}\nstderr:\n{Error}");
        return this;
    }

    /// <summary>
    /// The document on stdout; fails unless stdout holds exactly one, with the members that every document has.
    /// </summary>
    public JsonElement Document()
    {
        using JsonDocument document = JsonDocument.Parse(Out);
        JsonElement root = document.RootElement.Clone();
        Assert.Equal(JsonValueKind.Object, root.ValueKind);
        Assert.Equal(["command", "exit_code"], root.EnumerateObject().Take(2).Select(static member => member.Name));
        Assert.Equal("errors", root.EnumerateObject().Last().Name);
        Assert.Equal(Exit, root.GetProperty("exit_code").GetInt32());
        AssertSnakeCase(root);
        return root;
    }

    /// <summary>The ids of the document's errors.</summary>
    public IEnumerable<string> ErrorIds() =>
        Document().GetProperty("errors").EnumerateArray().Select(static error => error.GetProperty("id").GetString()!);

    private static void AssertSnakeCase(JsonElement shape)
    {
        foreach (JsonProperty member in shape.EnumerateObject())
        {
            Assert.Matches("^[a-z][a-z0-9_]*$", member.Name);
        }
    }
}
