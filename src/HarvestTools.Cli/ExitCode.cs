namespace HarvestTools.Cli;

/// <summary>Exit codes, the same in every output mode.</summary>
internal static class ExitCode
{
    public const int Fine = 0;
    public const int DriftOrDamage = 1;
    public const int Usage = 2;
    public const int BadData = 3;
    public const int NoRepositoryOrNoWrite = 4;

    /// <summary>A fault of the program itself (EX_SOFTWARE of sysexits.h), which no script should take for bad data.</summary>
    public const int Internal = 70;

    /// <summary>What a shell reports for a program ended by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>What a shell reports for a program ended by a scheduler or a container (128 + SIGTERM).</summary>
    public const int Terminated = 143;

    public static int Of(HarvestFault fault) => fault switch
    {
        HarvestFault.Usage => Usage,
        HarvestFault.NotARepository or HarvestFault.FileSystem or HarvestFault.Remote => NoRepositoryOrNoWrite,
        HarvestFault.Drift => DriftOrDamage,
        HarvestFault.Internal => Internal,
        _ => BadData,
    };
}
