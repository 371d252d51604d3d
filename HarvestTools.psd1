@{
    RootModule           = 'lib/HarvestTools.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6d1f5c0e-3b1a-4c61-9d53-0c8f1f4a7e21'
    Author               = 'The HarvestTools authors'
    CompanyName          = 'HarvestTools'
    Copyright            = 'Copyright (c) The HarvestTools authors. MIT licence.'
    Description          = 'Versions training sets derived from Label Studio exports: archives exports by their SHA-256, derives Parquet tables from them under versioned harvest rules, checks that a slice is still what it was, and says whether it is time to retrain.'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'
    FormatsToProcess     = @(
        'lib/HarvestTools.Exports.Format.ps1xml'
        'lib/HarvestTools.Slices.Format.ps1xml'
        'lib/HarvestTools.Drift.Format.ps1xml'
        'lib/HarvestTools.Retrain.Format.ps1xml'
        'lib/HarvestTools.History.Format.ps1xml'
        'lib/HarvestTools.Remotes.Format.ps1xml'
        'lib/HarvestTools.Erasure.Format.ps1xml'
        'lib/HarvestTools.Space.Format.ps1xml'
    )
    TypesToProcess       = @('lib/HarvestTools.Types.ps1xml')
    CmdletsToExport      = @(
        'Add-Export'
        'Add-SliceTag'
        'Approve-HarvestProgram'
        'Build-Slice'
        'Compare-Export'
        'Compare-Slice'
        'Compare-SliceModel'
        'Compress-ExportArchive'
        'Expand-ExportArchive'
        'Export-SliceReport'
        'Find-SliceRegression'
        'Get-ErasurePlan'
        'Get-Export'
        'Get-ExportHash'
        'Get-HarvestProgram'
        'Get-HarvestProject'
        'Get-ProductionModel'
        'Get-RetrainDecision'
        'Get-RetrainState'
        'Get-Slice'
        'Get-SliceBlame'
        'Get-SliceHistory'
        'Get-SliceModel'
        'Get-SliceParameter'
        'Get-SliceSource'
        'Import-DvcStage'
        'Initialize-HarvestRepository'
        'Lock-EvalSet'
        'Measure-ExportArchive'
        'Measure-HarvestImpact'
        'New-ErasurePlan'
        'New-Slice'
        'Receive-Slice'
        'Register-SliceModel'
        'Remove-ErasedExport'
        'Remove-Slice'
        'Remove-UnreachableObject'
        'Rename-HarvestProject'
        'Restore-Export'
        'Revoke-HarvestProgram'
        'Send-Slice'
        'Set-HarvestProject'
        'Set-ProductionModel'
        'Test-Erasure'
        'Test-ExportArchive'
        'Test-HarvestRemote'
        'Test-SliceDrift'
        'Test-SlicePin'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('LabelStudio', 'Parquet', 'Dataset', 'Versioning', 'MachineLearning', 'MLOps', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://licenses.nuget.org/MIT'
            ReleaseNotes = 'The first release: archive, slices, cache, drift check and retrain decision.'
        }
    }
}
