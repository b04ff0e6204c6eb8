"""What is kept: whole folders and files, tables in Parquet, with what they were made."""
