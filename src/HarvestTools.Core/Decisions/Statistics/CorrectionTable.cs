namespace HarvestTools.Decisions.Statistics;

/// <summary>What the strata of the correction trend test are.</summary>
internal enum Stratification
{
    /// <summary>One stratum: the plain figures.</summary>
    None,
    Task,
    Annotator,
    TaskAndAnnotator,
}

/// <summary>Episodes and corrections as a table of model versions by strata.</summary>
internal sealed class CorrectionTable
{
    private readonly double[][] _episodes;
    private readonly double[][] _corrections;
    private readonly double?[][] _squares;

    public CorrectionTable(IReadOnlyList<VersionCorrections> modelVersions, Stratification stratification)
    {
        var cells = new Dictionary<(string?, long?), int>();
        foreach (CorrectionStratum stratum in modelVersions.SelectMany(modelVersion => modelVersion.Strata))
        {
            cells.TryAdd(Cell(stratum, stratification), cells.Count);
        }

        ModelVersions = modelVersions.Count;
        Cells = cells.Count;
        _episodes = Rows<double>();
        _corrections = Rows<double>();
        _squares = Rows<double?>();
        for (int modelVersion = 0; modelVersion < ModelVersions; modelVersion++)
        {
            Array.Fill(_squares[modelVersion], 0);
            foreach (CorrectionStratum stratum in modelVersions[modelVersion].Strata)
            {
                int cell = cells[Cell(stratum, stratification)];
                _episodes[modelVersion][cell] += stratum.Episodes;
                _corrections[modelVersion][cell] += stratum.Corrections;
                // One stratum without it leaves the whole cell without it: null + x = null.
                _squares[modelVersion][cell] += stratum.Episodes == 0 ? 0 : stratum.SquaredCorrections;
            }
        }
    }

    public int ModelVersions { get; }

    public int Cells { get; }

    public double Episodes(int modelVersion, int cell) => _episodes[modelVersion][cell];

    public double Corrections(int modelVersion, int cell) => _corrections[modelVersion][cell];

    /// <summary>Sum over the episodes of their squared corrections; null where unknown.</summary>
    public double? Squares(int modelVersion, int cell) => _squares[modelVersion][cell];

    public double Episodes(Range modelVersions, int cell) => Sum(_episodes, modelVersions, cell);

    public double Corrections(Range modelVersions, int cell) => Sum(_corrections, modelVersions, cell);

    private static (string? Task, long? Annotator) Cell(CorrectionStratum stratum, Stratification stratification) => (
        stratification is Stratification.Task or Stratification.TaskAndAnnotator ? stratum.TaskSubdir : null,
        stratification is Stratification.Annotator or Stratification.TaskAndAnnotator ? stratum.AnnotatorId : null);

    private static double Sum(double[][] table, Range modelVersions, int cell)
    {
        double sum = 0;
        foreach (double[] row in table.AsSpan(modelVersions))
        {
            sum += row[cell];
        }

        return sum;
    }

    private T[][] Rows<T>()
    {
        var rows = new T[ModelVersions][];
        for (int modelVersion = 0; modelVersion < ModelVersions; modelVersion++)
        {
            rows[modelVersion] = new T[Cells];
        }

        return rows;
    }
}
