using System.Globalization;
using HarvestTools.Archive;
using HarvestTools.Files;
using HarvestTools.Rules;
using HarvestTools.Strings;

namespace HarvestTools.Programs;

/// <summary>A file that a program wrote and its tables name.</summary>
/// <param name="Path">Relative to the folder that it wrote to, with <c>/</c>.</param>
/// <param name="File">Full path, there until the run is disposed.</param>
internal sealed record ProgramTableFile(string Path, string File);

/// <summary>A run that ended well. Disposing it removes its folder.</summary>
internal sealed class ProgramRun(RunFolder folder, IReadOnlyList<ProgramTableFile> tables) : IDisposable
{
    /// <summary>What it wrote, by path.</summary>
    public IReadOnlyList<ProgramTableFile> Tables { get; } = tables;

    public void Dispose() => folder.Dispose();
}

/// <summary>Runs a definition's program on exports. It asks whether the definition is trusted before anything else.</summary>
/// <param name="trusted">What is trusted on this machine.</param>
/// <param name="trustAll">Whether all is run that is asked for, as in a pipeline.</param>
internal sealed class ProgramRunner(TrustList trusted, bool trustAll)
{
    private const long Megabyte = 1_000_000;

    /// <summary>Whether the definition may be run.</summary>
    public bool IsTrusted(HarvestDefinition definition) => trustAll || trusted.Contains(definition.Sha256);

    /// <param name="definition">A program's, with its content.</param>
    /// <param name="asked">The definition that has to be trusted: itself, or one that it is a step of, whose hash covers it.</param>
    /// <param name="trust">How it is trusted, for messages.</param>
    /// <param name="inputs">What it is given.</param>
    /// <param name="conditions">What it meets around it.</param>
    /// <param name="openFile">Opens a file of the definition by its hash, verified while it is read; null where it is nowhere.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="HarvestException">
    /// ProgramUntrusted, and nothing was started; ProgramNotFound, ProgramFailed, ProgramOverLimit, ProgramWroteNothing; a file is not available.
    /// </exception>
    public ProgramRun Run(
        HarvestDefinition definition,
        HarvestDefinition asked,
        RemedyAction.TrustProgram trust,
        ProgramInputs inputs,
        RunConditions conditions,
        Func<string, ObjectContent?> openFile,
        CancellationToken cancellation)
    {
        if (!IsTrusted(asked) || asked.Steps.All(step => step.Sha256 != definition.Sha256))
        {
            throw ProgramRunErrors.ProgramUntrusted(asked.FullVersion, asked.Sha256, trust, trusted.NotOwn);
        }

        HarvestProgram program = definition.Program!;
        RunFolder folder = RunFolder.Make(program, inputs, conditions, openFile, cancellation);
        try
        {
            Execute(program, folder, inputs, conditions, cancellation, out string command, out string said);
            return new ProgramRun(folder, Tables(program, folder, command, said));
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    private static void Execute(
        HarvestProgram program, RunFolder folder, ProgramInputs inputs, RunConditions conditions, CancellationToken cancellation, out string command, out string said)
    {
        string[] words =
        [
            .. ProgramPlaceholders.Fill(program.Run, folder.OutputWord, folder.ParametersWord, folder.ExportsWord, [.. inputs.Exports.Select(export => $"{folder.ExportsWord}/{export.Name}")],
                folder.TablesWord, [.. inputs.Tables.Select(table => $"{folder.TablesWord}/{table.Name}")]),
        ];
        command = string.Join(' ', words.Select(Quoted));
        Dictionary<string, string> environment = ProgramEnvironment.Of(program, folder, conditions);
        string file = FileOf(words[0], program, folder, environment);
        string[] started = [.. conditions.Prefix, file, .. words.Skip(1)];
        ProgramLimits limits = program.Limits;
        using ProgramProcess process = ProgramProcess.Start(started[0], started.Skip(1), folder.Work, environment, limits.MemoryMegabytes, command);
        ProgramEnd end = process.Wait(
            TimeSpan.FromSeconds(limits.Seconds), limits.PrintedMegabytes * Megabyte, folder.Size, limits.OutputMegabytes * Megabyte, cancellation);
        cancellation.ThrowIfCancellationRequested();
        said = Said(process.LastLines);
        (string What, string Setting)? over = end switch
        {
            ProgramEnd.Time => ($"it ran for more than {Figures.Count(limits.Seconds, "second")}", "seconds"),
            ProgramEnd.Output => ($"it wrote more than {Figures.Size(limits.OutputMegabytes * Megabyte)}", "output_mb"),
            ProgramEnd.Printed => ($"it printed more than {Figures.Size(limits.PrintedMegabytes * Megabyte)}", "printed_mb"),
            _ => null,
        };
        if (over is { } beyond)
        {
            throw ProgramRunErrors.ProgramOverLimit(command, beyond.What, beyond.Setting, $"{said}{Kept(folder)}");
        }

        if (process.ExitCode != 0)
        {
            throw ProgramRunErrors.ProgramFailed(command, string.Create(CultureInfo.InvariantCulture, $"ended with exit code {process.ExitCode}"), $"{said}{Kept(folder)}");
        }
    }

    private static string Kept(RunFolder folder) => folder.TryKeep() is { } path ? $"The folder of the run was kept: {path}. " : "";

    /// <summary>The last lines that it printed, as a part of a message.</summary>
    private static string Said(IReadOnlyList<string> lines) => lines.Count == 0 ? " It said nothing. " : $" It said last:{string.Concat(lines.Select(static line => $"\n    {line}"))}\n";

    private static string FileOf(string name, HarvestProgram program, RunFolder folder, Dictionary<string, string> environment)
    {
        if (name.AsSpan().IndexOfAny('/', '\\') < 0)
        {
            return ProgramPath.Find(name, environment["PATH"]) ?? throw ProgramRunErrors.ProgramNotFound(name);
        }

        // A file of the definition, which the hash covers; any other may be something else tomorrow.
        string path = name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name;
        return program.Content!.Files.Any(file => file.Path == path)
            ? Path.Combine(folder.Work, path.Replace('/', Path.DirectorySeparatorChar))
            : throw ProgramRunErrors.ProgramNotFound(name);
    }

    private static List<ProgramTableFile> Tables(HarvestProgram program, RunFolder folder, string command, string said)
    {
        if (folder.WhatBecameOfOut() is { } how)
        {
            throw ProgramRunErrors.OutputFolderGone(command, how, said);
        }

        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (string pattern in program.Tables)
        {
            try
            {
                found.UnionWith(FilePatterns.Find(folder.Out, pattern));
            }
            catch (HarvestException link) when (link.ErrorId == nameof(ProgramErrors.ProgramFileLinked))
            {
                throw ProgramRunErrors.ProgramWroteLink($"{link.Subject}", pattern, command, $"{said}{Kept(folder)}");
            }
        }

        OutputNames.Require(found);

        return found.Count > 0
            ? [.. found.Select(path => new ProgramTableFile(path, Path.Combine(folder.Out, path.Replace('/', Path.DirectorySeparatorChar))))]
            : throw ProgramRunErrors.ProgramWroteNothing(string.Join("\", \"", program.Tables), command, $"{said}{Kept(folder)}");
    }

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(static c => char.IsAsciiLetterOrDigit(c) || "-_./=:,+@%".Contains(c, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
