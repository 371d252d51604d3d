using System.Text;
using System.Text.Json.Nodes;
using HarvestTools.Json;

namespace HarvestTools.Workflows;

/// <summary>Which stage of DVC is to become the harvest definition.</summary>
/// <param name="Path">Full path of its dvc.yaml, or of the folder that has it; null for the one of the repository's folder.</param>
/// <param name="Stage">The stage; null where the file has one alone.</param>
public sealed record DvcImportRequest(string? Path = null, string? Stage = null)
{
    /// <summary>The version of the slice; null takes the next free one.</summary>
    public string? Version { get; init; }

    /// <summary>Write the definition alone, though dvc.lock has the stage.</summary>
    public bool NoSlice { get; init; }

    /// <summary>Replace a definition of another name.</summary>
    public bool Force { get; init; }
}

/// <summary>A file that DVC tracked.</summary>
/// <param name="Path">An export relative to the repository, or an output as the definition's tables have it.</param>
/// <param name="Md5">Its MD5 in dvc.lock, which its bytes were verified by; null where dvc.lock does not have it.</param>
/// <param name="Sha256">SHA-256 of its bytes.</param>
/// <param name="Bytes">Its size.</param>
public sealed record DvcImportedFile(string Path, string? Md5, string Sha256, long Bytes);

/// <summary>What a stage of DVC became, or would become.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="File">Its dvc.yaml, relative to the repository.</param>
/// <param name="HarvestVersion">The definition, <c>rows@v1.0.0</c>.</param>
/// <param name="Sha256">Its hash, as it is trusted.</param>
public sealed record DvcImport(string Stage, string File, string HarvestVersion, string Sha256)
{
    /// <summary>The definition as harvest.json has it.</summary>
    public required JsonObject Definition { get; init; }

    /// <summary>The same as a text.</summary>
    public string DefinitionText => Encoding.UTF8.GetString(ReadableJson.ToUtf8(Definition)).TrimEnd();

    /// <summary>Its command line, a word each.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The exports that it reads.</summary>
    public required IReadOnlyList<DvcImportedFile> Exports { get; init; }

    /// <summary>What it wrote by dvc.lock; empty where no slice is made of that.</summary>
    public IReadOnlyList<DvcImportedFile> Outputs { get; init; } = [];

    /// <summary>What is to be known of it, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The slice; null where none is made, or where it is not known before.</summary>
    public string? Version { get; init; }

    /// <summary>Why no slice is made; null where one is.</summary>
    public string? WhyNoSlice { get; init; }

    /// <summary>Whether it was written, and not only described.</summary>
    public bool Written { get; init; }
}
